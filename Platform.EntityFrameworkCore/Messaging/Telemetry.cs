using System.Diagnostics;
using System.Diagnostics.Metrics;
using Platform.Messaging;
using Platform.Telemetry;

namespace Platform.EntityFrameworkCore.Messaging;

/// <summary>Spans and metrics of messaging, named by OpenTelemetry's semantic conventions for messaging where they have a name.</summary>
internal static class Telemetry
{
    public static readonly ActivitySource Source = new(MessagingTelemetry.Name);

    private static readonly Meter Meter = new(MessagingTelemetry.Name);

    public static readonly Counter<long> Published = Meter.CreateCounter<long>(
        "platform.messaging.published", "{event}", "Events added to the outbox, before the commit.");

    public static readonly Counter<long> Handled = Meter.CreateCounter<long>(
        "platform.messaging.handled", "{event}", "Events whose effects were committed.");

    public static readonly Counter<long> Retried = Meter.CreateCounter<long>(
        "platform.messaging.retried", "{event}", "Failed tries that will be repeated.");

    public static readonly Counter<long> Parked = Meter.CreateCounter<long>(
        "platform.messaging.parked", "{event}", "Events that became dead letters.");

    public static readonly Counter<long> Duplicates = Meter.CreateCounter<long>(
        "platform.messaging.duplicates", "{event}", "Events that the inbox knew already.");

    public static readonly Counter<long> Gated = Meter.CreateCounter<long>(
        "platform.messaging.gated", "{event}", "Events passed over because a flag's gate was closed.");

    public static readonly Histogram<double> HandlerTime = Meter.CreateHistogram<double>(
        "messaging.process.duration", "s", "Time in the handler.");

    // What OpenTelemetry keeps of them by default (OTEL_SPAN_LINK_COUNT_LIMIT).
    private const int MaxLinks = 128;

    public const string SubscriptionTag = "messaging.consumer.group.name";
    public const string EventTypeTag = "messaging.destination.name";

    /// <summary>Shows what was not counted yet: the first dead letter is no increase of what was not there.</summary>
    public static void FromZero(string subscription)
    {
        foreach (var counter in new[] { Handled, Retried, Parked, Duplicates })
        {
            counter.Add(0, new KeyValuePair<string, object?>(SubscriptionTag, subscription));
        }
    }

    /// <summary>Starts the producer's span, a child of what the caller does.</summary>
    public static Activity? StartSend(string eventType, Guid id)
    {
        var activity = Source.HasListeners() ? Source.StartActivity($"send {eventType}", ActivityKind.Producer) : null;
        if (activity is { IsAllDataRequested: true })
        {
            activity.SetTag("messaging.system", "platform");
            activity.SetTag("messaging.operation.name", "send");
            activity.SetTag("messaging.operation.type", "send");
            activity.SetTag(EventTypeTag, eventType);
            activity.SetTag("messaging.message.id", id);
        }

        return activity;
    }

    /// <summary>
    /// Starts the span of work for several events at once: a trace of its own, linked to the span that sent each (OpenTelemetry semantic
    /// conventions for messaging spans, "Batch receiving"). For a single event it is part of that event's trace.
    /// </summary>
    public static Activity? StartBatch(string name, ActivityKind kind, string operation, IReadOnlyList<EventEnvelope> events, string subscription)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        ActivityContext parent = default;
        List<ActivityLink> links = [];
        foreach (var envelope in events)
        {
            if (!ActivityContext.TryParse(envelope.TraceParent, envelope.TraceState, isRemote: true, out var sent))
            {
                continue;
            }

            if (events.Count == 1)
            {
                parent = sent;
            }
            else if (links.Count < MaxLinks)
            {
                links.Add(new ActivityLink(sent));
            }
        }

        var activity = Source.StartActivity(name, kind, parent, links: links);
        if (activity is { IsAllDataRequested: true })
        {
            activity.SetTag("messaging.system", "platform");
            activity.SetTag("messaging.operation.name", operation);
            activity.SetTag("messaging.operation.type", operation);
            activity.SetTag("messaging.batch.message_count", events.Count);
            activity.SetTag(SubscriptionTag, subscription);
        }

        return activity;
    }

    /// <summary>Starts the consumer's span in the trace that the event belongs to, however long ago that began.</summary>
    public static Activity? StartProcess(EventEnvelope envelope, string subscription, int attempt)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        var parent = ActivityContext.TryParse(envelope.TraceParent, envelope.TraceState, isRemote: true, out var remote) ? remote : default;
        var activity = Source.StartActivity($"process {envelope.EventType}", ActivityKind.Consumer, parent);
        if (activity is null)
        {
            return null;
        }

        BaggageHeader.Restore(activity, envelope.Baggage);
        Correlation.Set(activity, envelope.CorrelationId);
        if (activity.IsAllDataRequested)
        {
            activity.SetTag("messaging.system", "platform");
            activity.SetTag("messaging.operation.name", "process");
            activity.SetTag("messaging.operation.type", "process");
            activity.SetTag(EventTypeTag, envelope.EventType);
            activity.SetTag("messaging.message.id", envelope.Id);
            activity.SetTag(SubscriptionTag, subscription);
            activity.SetTag("platform.messaging.attempt", attempt);
        }

        return activity;
    }
}
