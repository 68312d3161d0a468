using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;
using Platform.ServiceDefaults.Telemetry.Sampling;

namespace Platform.ServiceDefaults.Telemetry.Export;

/// <summary>Sends spans in batches: those that were sampled, and those that the tail decision keeps.</summary>
internal sealed class SpanExport : BatchActivityExportProcessor
{
    private readonly TailBuffer? _tail;

    public SpanExport(BaseExporter<Activity> exporter, BatchExportActivityProcessorOptions batches, TelemetryOptions options, bool keepsOutliers)
        : base(exporter, batches.MaxQueueSize, batches.ScheduledDelayMilliseconds, batches.ExporterTimeoutMilliseconds, batches.MaxExportBatchSize) => _tail = keepsOutliers ? new TailBuffer(options.TailBufferSpans, options.KeepSlowerThan, base.OnEnd) : null;

    public override void OnEnd(Activity data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.Recorded)
        {
            base.OnEnd(data);
        }
        else
        {
            _tail?.Add(data);
        }
    }
}
