using System.Diagnostics.Metrics;

namespace Platform.ServiceDefaults.Telemetry;

/// <summary>Telemetry about telemetry: what never reached the collector.</summary>
internal static class ExportTelemetry
{
    public const string SignalTag = "platform.telemetry.signal";
    public const string ReasonTag = "platform.telemetry.reason";

    private static readonly Meter Meter = new("Platform.Telemetry");

    private static readonly Counter<long> Dropped = Meter.CreateCounter<long>(
        "platform.telemetry.dropped", "{item}", "Spans, log records and metrics that were not sent: the queue was full, the collector did not take them, or too many waited for a tail decision.");

    private static readonly Counter<long> Failed = Meter.CreateCounter<long>(
        "platform.telemetry.failed_exports", "{request}", "Requests that the collector did not answer, or not well.");

    public static void Drop(string signal, string reason, long items)
    {
        if (items > 0)
        {
            Dropped.Add(items, new(SignalTag, signal), new(ReasonTag, reason));
        }
    }

    public static void Fail(string signal) => Failed.Add(1, new KeyValuePair<string, object?>(SignalTag, signal));
}
