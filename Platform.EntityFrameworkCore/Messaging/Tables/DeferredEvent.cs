namespace Platform.EntityFrameworkCore.Messaging.Tables;

/// <summary>A row of <c>core_inbox_deferred</c>: an event that a subscription handles later, so that the lane can go on.</summary>
internal sealed class DeferredEvent : StoredEvent
{
    public required string Subscription { get; init; }

    public Guid EventId { get; init; }

    /// <summary>The order within an aggregate.</summary>
    public long Sequence { get; init; }

    public long Position { get; init; }

    /// <summary>Later events of the aggregate wait for this one: it failed, or it waits itself for one that did.</summary>
    public bool Blocking { get; init; }

    public int Attempts { get; init; }

    /// <summary>Null: an earlier event of the aggregate comes first.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    public string? LastError { get; init; }

    public DateTimeOffset DeferredAt { get; init; }
}
