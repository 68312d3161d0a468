namespace Platform.EntityFrameworkCore.Messaging.Tables;

/// <summary>A row of <c>core_inbox_event</c>: this consumer has handled this event.</summary>
internal sealed class InboxEvent
{
    public required string Consumer { get; init; }

    public Guid EventId { get; init; }

    public DateTimeOffset HandledAt { get; init; }
}
