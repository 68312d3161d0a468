namespace Platform.EntityFrameworkCore.FeatureFlags.Tables;

/// <summary>What people want to know of a flag, and its plan. Nothing of it is evaluated. A row may outlive its flag.</summary>
internal sealed class FlagMetadataRow
{
    /// <summary>The flag's name.</summary>
    public required string Name { get; init; }

    public string Owner { get; set; } = "";

    public string Description { get; set; } = "";

    public string Ticket { get; set; } = "";

    /// <summary>Stages, hold times and guards as JSON; null is no plan.</summary>
    public string? RolloutPlan { get; set; }

    /// <summary><c>idle</c>, <c>running</c>, <c>paused</c>, <c>rolled_back</c>, <c>completed</c>.</summary>
    public string RolloutStatus { get; set; } = "idle";

    /// <summary>The stage that is in force, from 0; null before the first.</summary>
    public int? RolloutStage { get; set; }

    public DateTimeOffset? StageStartedAt { get; set; }

    /// <summary>When the worker looks at the plan again; null is never.</summary>
    public DateTimeOffset? NextCheckAt { get; set; }

    /// <summary>What the plan keeps between checks, as JSON.</summary>
    public string? RolloutState { get; set; }

    /// <summary>Commit, release, environment and the like, as JSON.</summary>
    public string? Deployment { get; set; }

    /// <summary>What was measured, as JSON.</summary>
    public string? Impact { get; set; }

    public DateTimeOffset? ExpiresAt { get; set; }

    public DateTimeOffset? LastEvaluatedAt { get; set; }

    /// <summary>How often the flag was asked.</summary>
    public long Evaluations { get; set; }

    /// <summary>Since when the flag has been on for everybody; null where it is not.</summary>
    public DateTimeOffset? FullyOnSince { get; set; }

    /// <summary>Grows with each change: its entity tag.</summary>
    public long Version { get; set; } = 1;

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset ChangedAt { get; set; }
}
