using System.ComponentModel.DataAnnotations;
using Platform.Messaging;
using Platform.Messaging.Jobs;

namespace Platform.Api.Messaging;

/// <summary>How far a subscription is.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Pending">Events in the log that it has not come to yet, counted up to 1,000 a lane; 0 for one that reads from a broker.</param>
/// <param name="OldestPendingAt">When the oldest of them occurred.</param>
/// <param name="Deferred">Events that wait for a retry, for their time, or behind one that failed.</param>
/// <param name="DeadLetters">Events that it gave up.</param>
/// <param name="Owners">The processes that work for it.</param>
internal sealed record SubscriptionResponse(
    string Name, long Pending, DateTimeOffset? OldestPendingAt, long Deferred, long DeadLetters, IReadOnlyList<string> Owners)
{
    public static SubscriptionResponse From(SubscriptionStatus status) =>
        new(status.Name, status.Pending, status.OldestPendingAt, status.Deferred, status.DeadLetters, status.Owners);
}

/// <summary>All subscriptions.</summary>
/// <param name="Items">By name.</param>
internal sealed record SubscriptionsResponse(IReadOnlyList<SubscriptionResponse> Items);

/// <summary>How far a lane is.</summary>
/// <param name="Lane">Its number.</param>
/// <param name="Position">Of the last event that was handled, put off or passed over.</param>
/// <param name="Pending">Events in the log after it, counted up to 1,000.</param>
/// <param name="OldestPendingAt">When the oldest of them occurred.</param>
/// <param name="Deferred">Events that wait for a retry, for their time, or behind one that failed.</param>
/// <param name="Owner">The process that owns it.</param>
/// <param name="UpdatedAt">When it moved last.</param>
internal sealed record LaneResponse(
    short Lane, long Position, long Pending, DateTimeOffset? OldestPendingAt, long Deferred, string? Owner, DateTimeOffset UpdatedAt)
{
    public static LaneResponse From(LaneStatus status) =>
        new(status.Lane, status.Position, status.Pending, status.OldestPendingAt, status.Deferred, status.Owner, status.UpdatedAt);
}

/// <summary>The lanes of a subscription.</summary>
/// <param name="Items">By number.</param>
internal sealed record LanesResponse(IReadOnlyList<LaneResponse> Items);

/// <summary>From when on a subscription handles the log again.</summary>
/// <param name="From">Required: events that occurred at this time or later.</param>
/// <param name="Reason">Why, for the audit trail: up to 1,000 characters.</param>
internal sealed record SubscriptionReplayRequest([property: Required] DateTimeOffset? From, string? Reason = null);

/// <summary>What a replay does.</summary>
/// <param name="Count">How many events come again, of whatever type.</param>
internal sealed record SubscriptionReplayResponse(long Count);

/// <summary>A recurring job.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Schedule">When it runs.</param>
/// <param name="Owner">The process that runs it now.</param>
/// <param name="DueAt">When it is due next, or was due when it runs.</param>
/// <param name="StartedAt">When the last run started.</param>
/// <param name="CompletedAt">When the last run ended that came to an end.</param>
/// <param name="LastError">With which error; null when it succeeded.</param>
/// <param name="Runs">How often it was started.</param>
internal sealed record JobResponse(
    string Name, string? Schedule, string? Owner, DateTimeOffset DueAt, DateTimeOffset? StartedAt, DateTimeOffset? CompletedAt, string? LastError, long Runs)
{
    public static JobResponse From(JobStatus status) => new(
        status.Name, status.Schedule, status.Owner, status.DueAt, status.StartedAt, status.CompletedAt, status.LastError, status.Runs);
}

/// <summary>All recurring jobs.</summary>
/// <param name="Items">By name.</param>
internal sealed record JobsResponse(IReadOnlyList<JobResponse> Items);
