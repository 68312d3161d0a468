using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Platform.ServiceDefaults.Telemetry;

/// <summary>Telemetry about telemetry: what never reached the collector. It is there from the start, so that a rate of it can be reckoned.</summary>
internal static class ExportTelemetry
{
    public const string SignalTag = "platform.telemetry.signal";
    public const string ReasonTag = "platform.telemetry.reason";

    /// <summary>The collector did not answer, or not well.</summary>
    public const string NotTaken = "not_taken";

    /// <summary>Too much waited to be sent.</summary>
    public const string QueueFull = "queue_full";

    /// <summary>Too much waited for a tail decision.</summary>
    public const string TailFull = "tail_full";

    private static readonly Meter Meter = new("Platform.Telemetry");

    private static readonly Counter<long> Failed = Meter.CreateCounter<long>(
        "platform.telemetry.failed_exports", "{request}", "Requests that the collector did not answer, or not well.");

    private static readonly ConcurrentDictionary<(string Signal, string Reason), long> Dropped = new()
    {
        [("traces", NotTaken)] = 0,
        [("traces", QueueFull)] = 0,
        [("traces", TailFull)] = 0,
        [("logs", NotTaken)] = 0,
        [("logs", QueueFull)] = 0,
        [("metrics", NotTaken)] = 0,
    };

    static ExportTelemetry() => Meter.CreateObservableCounter(
        "platform.telemetry.dropped",
        () => Dropped.Select(count => new Measurement<long>(
            count.Value, new KeyValuePair<string, object?>(SignalTag, count.Key.Signal), new KeyValuePair<string, object?>(ReasonTag, count.Key.Reason))),
        "{item}",
        "Spans, log records and metrics that were not sent.");

    /// <summary>Has the counts shown, before anything is lost.</summary>
    public static void Start() => _ = Dropped.Count;

    /// <summary>Counts items that are lost.</summary>
    public static void Drop(string signal, string reason, long items)
    {
        if (items > 0)
        {
            Dropped.AddOrUpdate((signal, reason), static (_, items) => items, static (_, before, items) => before + items, items);
        }
    }

    /// <summary>How many were lost in this process.</summary>
    public static long Count(string signal, string reason) => Dropped.GetValueOrDefault((signal, reason));

    /// <summary>Counts a request that failed.</summary>
    public static void Fail(string signal) => Failed.Add(1, new KeyValuePair<string, object?>(SignalTag, signal));
}
