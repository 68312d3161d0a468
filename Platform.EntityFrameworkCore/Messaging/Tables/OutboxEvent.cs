namespace Platform.EntityFrameworkCore.Messaging.Tables;

/// <summary>A row of <c>core_outbox_event</c>, the log: inserted with the caller's change, deleted by retention, never updated on the way.</summary>
internal sealed class OutboxEvent : StoredEvent
{
    public Guid Id { get; init; }

    /// <summary>Given by the database, and never read or written by EF.</summary>
    public long Position { get; init; }

    public DateTimeOffset? AvailableAt { get; init; }

    /// <summary>How often a relay to a broker failed with this event.</summary>
    public int Attempts { get; init; }

    public string? LastError { get; init; }
}
