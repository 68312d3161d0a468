namespace Platform.Messaging;

/// <summary>An event as it is stored and carried: the body as JSON, and what is known about it.</summary>
public sealed record EventEnvelope
{
    /// <summary>The event's id, the same at each delivery (UUID version 7).</summary>
    public required Guid Id { get; init; }

    /// <summary>The name on the wire with its version, <c>orders.placed.v1</c>.</summary>
    public required string EventType { get; init; }

    /// <summary>The kind of thing it happened to, <c>order</c>.</summary>
    public required string AggregateType { get; init; }

    /// <summary>Which one.</summary>
    public required string AggregateId { get; init; }

    /// <summary>The lane that all events of the aggregate share; see <see cref="LaneHash"/>.</summary>
    public required short Lane { get; init; }

    /// <summary>The event's place in the log, growing in the order of the commits of one aggregate.</summary>
    public long Position { get; init; }

    /// <summary>
    /// Grows with each relay that takes over the lane, on the way through a broker; 0 where none was. Of two publications of an event the one with the
    /// lower number may have been under way when the relay was told to begin anew.
    /// </summary>
    public long RelayEpoch { get; init; }

    /// <summary>The body, JSON as UTF-8.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>When it was enqueued.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>Deliver it no earlier than this; null for at once.</summary>
    public DateTimeOffset? AvailableAt { get; init; }

    /// <summary>The id that the first caller gave, or the trace id.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>The producer's span (W3C Trace Context, section 3.2).</summary>
    public string? TraceParent { get; init; }

    /// <summary>The tracing system's own data (W3C Trace Context, section 3.3).</summary>
    public string? TraceState { get; init; }

    /// <summary>What the producer passes along (W3C Baggage).</summary>
    public string? Baggage { get; init; }

    /// <summary>Who caused it.</summary>
    public string? Actor { get; init; }
}
