using System.Diagnostics;
using Platform.Messaging;
using Platform.Telemetry;

namespace Platform.EntityFrameworkCore.Messaging.Sending;

/// <summary>Scoped: the event that a handler has in hand, so that what it enqueues carries the same correlation and actor.</summary>
internal sealed class HandledEvent
{
    public EventEnvelope? Current { get; set; }
}

/// <summary>What is recorded where the host says nothing: the caller's correlation id from the baggage or the request, or the trace id.</summary>
internal sealed class TraceEventMetadata : IEventMetadata
{
    public string? CorrelationId =>
        Activity.Current?.GetBaggageItem(MessagingTelemetry.CorrelationBaggage) ?? Correlation.Current;

    public string? Actor => null;
}
