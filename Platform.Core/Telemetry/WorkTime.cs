namespace Platform.Telemetry;

/// <summary>
/// Adds up how long a unit of work waited for others, for <c>Server-Timing</c>. It flows with the asynchronous call, so whoever waits needs no reference to
/// whoever asks. Thread safe.
/// </summary>
public sealed class WorkTime
{
    private static readonly AsyncLocal<WorkTime?> Flowing = new();

    private long _database;
    private long _redis;
    private int _statements;

    private WorkTime(object? scope) => Scope = scope;

    /// <summary>Of the present unit of work; null outside of one.</summary>
    public static WorkTime? Current => Flowing.Value;

    /// <summary>What log lines of the unit of work say of it, as a logging scope does; null for nothing.</summary>
    public object? Scope { get; }

    /// <summary>How long statements took, all together.</summary>
    public TimeSpan Database => new(Volatile.Read(ref _database));

    /// <summary>How many statements there were.</summary>
    public int Statements => Volatile.Read(ref _statements);

    /// <summary>How long commands of Redis took, all together.</summary>
    public TimeSpan Redis => new(Volatile.Read(ref _redis));

    /// <summary>Begins a unit of work in the calling asynchronous method and all that it calls.</summary>
    /// <param name="scope">What log lines of it say.</param>
    public static WorkTime Begin(object? scope = null) => Flowing.Value = new WorkTime(scope);

    /// <summary>Counts a statement.</summary>
    public void AddStatement(TimeSpan took)
    {
        Interlocked.Add(ref _database, took.Ticks);
        Interlocked.Increment(ref _statements);
    }

    /// <summary>Counts a command of Redis.</summary>
    public void AddRedis(TimeSpan took) => Interlocked.Add(ref _redis, took.Ticks);
}
