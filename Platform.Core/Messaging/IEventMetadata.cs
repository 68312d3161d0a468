namespace Platform.Messaging;

/// <summary>
/// Tells the outbox what to record about the caller besides the trace. A host that knows its callers registers its own, scoped.
/// Inside a handler the values of the event in hand are passed on instead.
/// </summary>
public interface IEventMetadata
{
    /// <summary>The id that ties together what one call caused; the trace id by default.</summary>
    string? CorrelationId { get; }

    /// <summary>Who calls, as an id and never a name or address; none by default.</summary>
    string? Actor { get; }
}
