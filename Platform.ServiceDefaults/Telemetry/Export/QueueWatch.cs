using System.Diagnostics.Metrics;

namespace Platform.ServiceDefaults.Telemetry.Export;

/// <summary>Counts what OpenTelemetry's queues drop when they are full, under the name that everything else that is lost has.</summary>
internal static class QueueWatch
{
    // OpenTelemetry semantic conventions, "SDK metrics"; the meter's name is that of the .NET SDK, which counts for the process.
    private const string MeterName = "otel.sdk.experimental";
    private const string Spans = "otel.sdk.processor.span.processed";
    private const string Records = "otel.sdk.processor.log.processed";
    private const string ErrorTag = "error.type";

    private static readonly Lazy<MeterListener> Listener = new(Listen);

    public static void Start() => _ = Listener.Value;

    private static MeterListener Listen()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == MeterName && instrument.Name is Spans or Records)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>(static (instrument, count, tags, _) =>
        {
            foreach (var (name, value) in tags)
            {
                if (name == ErrorTag)
                {
                    ExportTelemetry.Drop(instrument.Name is Spans ? "traces" : "logs", value as string ?? "unknown", count);
                }
            }
        });
        listener.Start();
        return listener;
    }
}
