namespace Platform.EntityFrameworkCore.Messaging.Tables;

/// <summary>A row of <c>core_dead_letter</c>: an event that a subscription gave up, whole, with the reason.</summary>
internal sealed class DeadLetterEvent : StoredEvent
{
    public required string Subscription { get; init; }

    public Guid EventId { get; init; }

    public long Position { get; init; }

    public required string Reason { get; init; }

    public int Attempts { get; init; }

    public required string ErrorType { get; init; }

    public required string Error { get; init; }

    public string? Stack { get; init; }

    public DateTimeOffset ParkedAt { get; init; }
}
