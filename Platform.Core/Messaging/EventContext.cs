namespace Platform.Messaging;

/// <summary>What a handler is told about an event besides its body.</summary>
/// <param name="EventId">The event's id, the same at each delivery; a natural idempotency key for calls to the outside.</param>
/// <param name="EventType">The name on the wire with its version, <c>orders.placed.v1</c>.</param>
/// <param name="AggregateType">The kind of thing it happened to, <c>order</c>.</param>
/// <param name="AggregateId">Which one; events of one aggregate arrive in the order of their commits.</param>
/// <param name="OccurredAt">When it was enqueued.</param>
/// <param name="Attempt">1 at the first delivery.</param>
/// <param name="CorrelationId">The id that the first caller gave, or the trace id.</param>
/// <param name="Actor">Who caused it, as an id; null where nobody is known.</param>
public sealed record EventContext(
    Guid EventId,
    string EventType,
    string AggregateType,
    string AggregateId,
    DateTimeOffset OccurredAt,
    int Attempt,
    string? CorrelationId,
    string? Actor = null);
