using System.Text.Json;

namespace Platform.FeatureFlags.Plans;

/// <summary>What people want to know of a flag. Nothing of it is evaluated.</summary>
public sealed record FlagMetadata
{
    /// <summary>Who answers for it.</summary>
    public string Owner { get; init; } = "";

    /// <summary>What it is for.</summary>
    public string Description { get; init; } = "";

    /// <summary>Where the work is tracked.</summary>
    public string Ticket { get; init; } = "";

    /// <summary>When it is to be gone.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Commit, release, environment and the like: any JSON object.</summary>
    public JsonElement? Deployment { get; init; }
}

/// <summary>Metadata as it is stored, with what was noticed of the flag.</summary>
/// <param name="Name">The flag.</param>
/// <param name="Metadata">What people said.</param>
/// <param name="Plan">Its plan; null where there is none.</param>
/// <param name="State">Where the plan stands.</param>
/// <param name="LastEvaluatedAt">When it was last asked, to the minute.</param>
/// <param name="FullyOnSince">Since when it has been on for everybody; null where it is not.</param>
/// <param name="Version">Grows with each change of metadata or plan.</param>
public sealed record FlagRecord(
    string Name,
    FlagMetadata Metadata,
    RolloutPlan? Plan,
    RolloutState State,
    DateTimeOffset? LastEvaluatedAt,
    DateTimeOffset? FullyOnSince,
    long Version);

/// <summary>Why a flag should be looked at.</summary>
public enum StaleReason
{
    /// <summary>Nobody asked it for long.</summary>
    NotEvaluated,

    /// <summary>It has been on for everybody for long: the code can do without it.</summary>
    FullyOn,

    /// <summary>It is past its date.</summary>
    Expired,
}

/// <summary>A flag that is to be cleaned up.</summary>
/// <param name="Name">The flag.</param>
/// <param name="Owner">Who answers for it.</param>
/// <param name="Reason">Why.</param>
/// <param name="Since">Since when that is so.</param>
public sealed record StaleFlag(string Name, string Owner, StaleReason Reason, DateTimeOffset Since);

/// <summary>What callers with one answer of a flag met at one endpoint.</summary>
/// <param name="Endpoint">Method and route.</param>
/// <param name="Arm"><c>on</c>, <c>off</c>, or <c>on:</c> and the variant.</param>
/// <param name="Exposures">Answers given.</param>
/// <param name="Errors">Those of 500 and more.</param>
/// <param name="P95Milliseconds">The bound within which 95 of 100 were given; null over the largest.</param>
public sealed record FlagImpact(string Endpoint, string Arm, long Exposures, long Errors, int? P95Milliseconds);

/// <summary>What is measured of a flag.</summary>
/// <param name="Evaluations">How often it was asked, in all hosts, since it is counted.</param>
/// <param name="Items">What callers met, by endpoint and answer, as far back as it is kept.</param>
/// <param name="SampleRatio">Whether callers come in the shares of the stage that its plan is at; null where there is no plan at a stage.</param>
public sealed record FlagImpactReport(long Evaluations, IReadOnlyList<FlagImpact> Items, SampleRatio? SampleRatio);

/// <summary>Keeps metadata and plans of flags, and moves plans on. Commits by itself. Thread safe.</summary>
public interface IFlagPlans
{
    /// <summary>What is known of a flag; null where there is no such flag.</summary>
    Task<FlagRecord?> FindAsync(string flag, CancellationToken cancellationToken = default);

    /// <summary>Sets metadata.</summary>
    Task<FlagRecord> SetMetadataAsync(string flag, FlagMetadata metadata, CancellationToken cancellationToken = default);

    /// <summary>Sets the plan of a flag that no plan runs for.</summary>
    Task<FlagRecord> SetPlanAsync(string flag, RolloutPlan plan, CancellationToken cancellationToken = default);

    /// <summary>Starts, pauses, resumes or rolls back; the flag is changed and the audit written in the same transaction.</summary>
    Task<FlagRecord> CommandAsync(string flag, RolloutCommand command, FlagAuthor author, CancellationToken cancellationToken = default);

    /// <summary>Flags to clean up.</summary>
    /// <param name="after">How long nobody asked, or it has been on for everybody.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<StaleFlag>> FindStaleAsync(TimeSpan after, CancellationToken cancellationToken = default);

    /// <summary>How often the flag was asked, and what callers with and without it met; null where there is no such flag.</summary>
    Task<FlagImpactReport?> MeasureAsync(string flag, CancellationToken cancellationToken = default);
}

/// <summary>What a person can do with a plan.</summary>
public enum RolloutCommand
{
    /// <summary>Begin at the first stage.</summary>
    Start,

    /// <summary>Stop where it is.</summary>
    Pause,

    /// <summary>Go on where it was paused.</summary>
    Resume,

    /// <summary>Give the flag back the percentage that it had before.</summary>
    RollBack,
}
