using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Options;
using Platform.EntityFrameworkCore.Messaging.Tables;
using Platform.Errors;
using Platform.Identifiers;
using Platform.Messaging;

namespace Platform.EntityFrameworkCore.Messaging.Sending;

/// <summary>Turns events into rows of the log.</summary>
internal sealed class OutboxRows(EventCatalog catalog, MessagingDatabase database, TimeProvider time, IOptions<MessagingOptions> options)
{
    // UTF-16 to UTF-8 at most triples.
    private const int MaxGrowth = 3;

    private readonly int _payloadLimit = options.Value.PayloadLimit;

    public OutboxEvent Row<TEvent>(TEvent @event, DateTimeOffset? notBefore, IEventMetadata metadata, EventEnvelope? cause)
        where TEvent : class
    {
        ArgumentNullException.ThrowIfNull(@event);
        var definition = catalog.Definition<TEvent>();
        var payload = definition.Write(@event);
        if (payload.Length > _payloadLimit / MaxGrowth && Encoding.UTF8.GetByteCount(payload) > _payloadLimit)
        {
            throw new ErrorException(ErrorCode.PayloadTooLarge, $"An event {definition.EventType} is larger than {_payloadLimit} bytes.");
        }

        var id = Uuid7.Next(time);
        var aggregateId = definition.AggregateIdOf(@event);
        using var activity = Telemetry.StartSend(definition.EventType, id);
        var trace = activity ?? Activity.Current;
        Telemetry.Published.Add(1, new KeyValuePair<string, object?>(Telemetry.EventTypeTag, definition.EventType));
        return new OutboxEvent
        {
            Id = id,
            Lane = LaneHash.Of(definition.AggregateType, aggregateId, database.LaneCount),
            EventType = definition.EventType,
            AggregateType = definition.AggregateType,
            AggregateId = aggregateId,
            Payload = payload,
            CorrelationId = cause?.CorrelationId ?? metadata.CorrelationId,
            TraceParent = trace is { IdFormat: ActivityIdFormat.W3C } ? trace.Id : cause?.TraceParent,
            TraceState = trace is null ? cause?.TraceState : trace.TraceStateString,
            Baggage = trace is null ? cause?.Baggage : BaggageHeader.From(trace),
            Actor = cause?.Actor ?? metadata.Actor,
            OccurredAt = time.GetUtcNow(),
            AvailableAt = notBefore?.ToUniversalTime(),
        };
    }
}
