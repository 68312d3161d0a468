namespace Platform.EntityFrameworkCore.Messaging.Tables;

/// <summary>The columns that every copy of an event has: in the log, among the deferred, among the dead letters.</summary>
internal abstract class StoredEvent
{
    public short Lane { get; init; }

    public required string EventType { get; init; }

    public required string AggregateType { get; init; }

    public required string AggregateId { get; init; }

    public required string Payload { get; init; }

    public string? CorrelationId { get; init; }

    public string? TraceParent { get; init; }

    public string? TraceState { get; init; }

    public string? Baggage { get; init; }

    public string? Actor { get; init; }

    public DateTimeOffset OccurredAt { get; init; }
}
