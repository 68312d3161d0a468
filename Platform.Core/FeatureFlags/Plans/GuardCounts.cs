namespace Platform.FeatureFlags.Plans;

/// <summary>Answers that were counted.</summary>
/// <param name="Total">All of them.</param>
/// <param name="Bad">Those that a guard counts as bad: errors, or slower than its limit.</param>
public readonly record struct GuardCounts(long Total, long Bad)
{
    /// <summary>Both together.</summary>
    public static GuardCounts operator +(GuardCounts left, GuardCounts right) => new(left.Total + right.Total, left.Bad + right.Bad);
}

/// <summary>What a guard saw within a short time.</summary>
/// <param name="At">The end of that time.</param>
/// <param name="Without">Callers who do not have the flag.</param>
/// <param name="With">Callers who have it.</param>
public sealed record GuardWindow(DateTimeOffset At, GuardCounts Without, GuardCounts With);

/// <summary>Where guards get their numbers from.</summary>
public interface IGuardSource
{
    /// <summary>Reads what was counted, each count once.</summary>
    /// <param name="flag">The flag.</param>
    /// <param name="guard">What is looked at.</param>
    /// <param name="after">What was read before; exclusive.</param>
    /// <param name="until">Up to here; inclusive.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<GuardWindow>> ReadAsync(
        string flag, GuardCondition guard, DateTimeOffset after, DateTimeOffset until, CancellationToken cancellationToken = default);
}
