using Npgsql;

namespace Platform.EntityFrameworkCore.Messaging.Dispatching;

/// <summary>
/// One run of handlers on a thread of its own: gives each the time it may take, and leaves a run behind whose handler does not even
/// stop when it is cancelled. Such a run can commit nothing any more.
/// </summary>
internal sealed class HandlerRun : IDisposable
{
    private const int Running = 0;
    private const int Committing = 1;
    private const int Abandoned = 2;

    private static readonly TimeSpan LongestGrace = TimeSpan.FromSeconds(5);

    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _cancel;
    private readonly CancellationTokenRegistration _abort;
    private int _state;
    private long _started;
    private volatile int _index = -1;

    public HandlerRun(TimeSpan timeout, TimeProvider time, CancellationToken abort)
    {
        _timeout = timeout;
        _time = time;
        _cancel = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _abort = abort.UnsafeRegister(static cancel => ((CancellationTokenSource)cancel!).Cancel(), _cancel);
    }

    /// <summary>Which event is in a handler; -1 for none.</summary>
    public int Index => _index;

    /// <summary>What handlers are given.</summary>
    public CancellationToken Token => _cancel.Token;

    /// <summary>The server process of the open transaction, if there is one.</summary>
    public int Backend { get; set; }

    /// <summary>There is no connection yet, or it broke under the handler: that is no event's fault.</summary>
    public bool ConnectionLost { get; set; }

    private TimeSpan Grace => _timeout < LongestGrace ? _timeout : LongestGrace;

    /// <summary>Begins, or begins again where an execution strategy repeats the unit of work.</summary>
    public void Begin()
    {
        Interlocked.CompareExchange(ref _state, Running, Committing);
        _index = -1;
        ConnectionLost = true;
    }

    public void Enter(int index)
    {
        Volatile.Write(ref _started, _time.GetTimestamp());
        _index = index;
        _cancel.CancelAfter(_timeout);
    }

    public void Leave()
    {
        _cancel.CancelAfter(Timeout.InfiniteTimeSpan);
        _index = -1;
    }

    /// <summary>The handler was cancelled because it took too long.</summary>
    public bool TimedOut() => _time.GetElapsedTime(Volatile.Read(ref _started)) >= _timeout;

    /// <summary>The last step before a commit.</summary>
    /// <exception cref="InvalidOperationException">The run was abandoned meanwhile.</exception>
    public void EnterCommit()
    {
        if (Interlocked.CompareExchange(ref _state, Committing, Running) is Abandoned)
        {
            throw new InvalidOperationException("The run was abandoned.");
        }
    }

    /// <summary>Runs handlers and waits for them, but not for ever.</summary>
    /// <returns>False when the run was abandoned.</returns>
    public async Task<bool> SuperviseAsync(Func<Task> handlers)
    {
        // Not the caller's thread: a handler that blocks would hold up everything else with it.
        var run = Task.Run(handlers, CancellationToken.None);
        while (true)
        {
            try
            {
                await run.WaitAsync(_timeout + Grace, _time);
                return true;
            }
            catch (TimeoutException) when (!run.IsCompleted)
            {
                if (_index >= 0 && _time.GetElapsedTime(Volatile.Read(ref _started)) >= _timeout + Grace
                    && Interlocked.CompareExchange(ref _state, Abandoned, Running) == Running)
                {
                    _ = run.ContinueWith(static done => _ = done.Exception, TaskScheduler.Default);
                    return false;
                }
            }
        }
    }

    /// <summary>Ends the transaction of an abandoned run, which would keep its locks and hold up every reader of the log.</summary>
    public async Task EndTransactionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (Backend != 0)
        {
            await using var command = new NpgsqlCommand("SELECT pg_terminate_backend($1)", connection)
            {
                Parameters = { new NpgsqlParameter<int> { TypedValue = Backend } },
            };
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    public void Dispose()
    {
        _abort.Dispose();
        if (Volatile.Read(ref _state) != Abandoned)
        {
            _cancel.Dispose();
        }
    }
}
