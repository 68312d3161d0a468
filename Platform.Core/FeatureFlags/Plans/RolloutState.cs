namespace Platform.FeatureFlags.Plans;

/// <summary>Where a plan stands.</summary>
public enum RolloutStatus
{
    /// <summary>It was not started.</summary>
    Idle,

    /// <summary>It goes on by itself.</summary>
    Running,

    /// <summary>A person stopped it where it is; it can go on.</summary>
    Paused,

    /// <summary>The flag has the percentage that it had before the plan.</summary>
    RolledBack,

    /// <summary>The last stage was held to its end.</summary>
    Completed,
}

/// <summary>What a plan keeps between two looks. Immutable but for nothing: each look gives a new one.</summary>
public sealed record RolloutState
{
    /// <summary>Where it stands.</summary>
    public RolloutStatus Status { get; init; }

    /// <summary>The stage in force, from 0; null before the first.</summary>
    public int? Stage { get; init; }

    /// <summary>When that stage began, less what was held before a pause.</summary>
    public DateTimeOffset? StageStartedAt { get; init; }

    /// <summary>When it was paused.</summary>
    public DateTimeOffset? PausedAt { get; init; }

    /// <summary>What guards saw is counted up to here.</summary>
    public DateTimeOffset ReadUntil { get; init; }

    /// <summary>What guards of endpoints saw is counted up to here: budgets are kept by whole minutes.</summary>
    public DateTimeOffset EndpointsReadUntil { get; init; }

    /// <summary>The flag's percentage before the plan.</summary>
    public decimal? PercentBefore { get; init; }

    /// <summary>Evidence of each test, in the order of the guards; the comparison before the limit.</summary>
    public IReadOnlyList<double[]> Evidence { get; init; } = [];

    /// <summary>What was last done, and why.</summary>
    public string Reason { get; init; } = "";
}
