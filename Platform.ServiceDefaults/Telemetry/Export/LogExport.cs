using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Logs;
using Platform.ServiceDefaults.Logging;

namespace Platform.ServiceDefaults.Telemetry.Export;

/// <summary>
/// Sends log records in batches, with storms collapsed as on standard output: a failure that comes ten thousand times would push all else out of
/// the queue.
/// </summary>
internal sealed partial class LogExport : BatchLogRecordExportProcessor
{
    private readonly LogStorms _storms;
    private readonly IServiceProvider _services;
    private OpenTelemetryLoggerProvider? _own;

    public LogExport(BaseExporter<LogRecord> exporter, IServiceProvider services)
        : this(exporter, services, services.GetRequiredService<IOptions<BatchExportLogRecordProcessorOptions>>().Value)
    {
    }

    private LogExport(BaseExporter<LogRecord> exporter, IServiceProvider services, BatchExportLogRecordProcessorOptions batches)
        : base(exporter, batches.MaxQueueSize, batches.ScheduledDelayMilliseconds, batches.ExporterTimeoutMilliseconds, batches.MaxExportBatchSize)
    {
        _services = services;
        var options = services.GetRequiredService<IOptions<LoggingOptions>>().Value;
        _storms = new LogStorms(options.StormThreshold, options.StormWindow, services.GetRequiredService<TimeProvider>(), Tell);
    }

    public override void OnEnd(LogRecord data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.LogLevel < LogLevel.Warning
            || _storms.Admits(data.LogLevel, data.CategoryName ?? string.Empty, data.EventId, LogFields.Template(data.Attributes) ?? data.Body, data.Exception?.GetType()))
        {
            base.OnEnd(data);
            return;
        }

        // It is made with this, and at the end it can no longer be asked for.
        _own ??= _services.GetServices<ILoggerProvider>().OfType<OpenTelemetryLoggerProvider>().FirstOrDefault();
    }

    protected override bool OnShutdown(int timeoutMilliseconds)
    {
        _storms.Dispose();
        return base.OnShutdown(timeoutMilliseconds);
    }

    // By its own provider alone: standard output tells of its storms itself.
    private void Tell(LogLevel level, string category, string? template, long more)
    {
        if (_own?.CreateLogger(category) is { } logger)
        {
            Repeated(logger, level, more, template);
        }
    }

    [LoggerMessage(EventId = 1, Message = "{Repeated} more like this: {Template}")]
    private static partial void Repeated(ILogger logger, LogLevel level, long repeated, string? template);
}
