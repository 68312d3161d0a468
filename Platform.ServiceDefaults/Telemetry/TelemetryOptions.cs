using System.ComponentModel.DataAnnotations;

namespace Platform.ServiceDefaults.Telemetry;

/// <summary>What is told of the host. Section <c>Platform:Telemetry</c>.</summary>
/// <remarks>
/// Where it goes is OpenTelemetry's own configuration: <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> (without it nothing is sent),
/// <c>OTEL_EXPORTER_OTLP_PROTOCOL</c> (<c>grpc</c> or <c>http/protobuf</c>), <c>OTEL_SERVICE_NAME</c>, <c>OTEL_RESOURCE_ATTRIBUTES</c>; the
/// names with <c>TRACES</c>, <c>METRICS</c> or <c>LOGS</c> in them go before those.
/// </remarks>
public sealed class TelemetryOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Platform:Telemetry";

    /// <summary>How it is decided which traces are recorded.</summary>
    /// <value>
    /// Default <see langword="null"/>: <see cref="TraceSampler.ParentBased"/> where there is a <see cref="SampleRatio"/>, else what
    /// <c>OTEL_TRACES_SAMPLER</c> says, else <see cref="TraceSampler.AlwaysOn"/>.
    /// </value>
    public TraceSampler? Sampler { get; set; }

    /// <summary>The share of traces that is recorded, by <see cref="TraceSampler.Ratio"/> and <see cref="TraceSampler.ParentBased"/>.</summary>
    /// <value>Default <see langword="null"/>: all, or what <c>OTEL_TRACES_SAMPLER_ARG</c> says. 0 to 1.</value>
    [Range(0.0, 1.0)]
    public double? SampleRatio { get; set; }

    /// <summary>
    /// Whether failed and slow work is sent though the sampler passed it over: each process decides on its own part of a trace when that part is
    /// over. Only where spans are sent at all.
    /// </summary>
    /// <value>Default <see langword="true"/>.</value>
    public bool KeepOutliers { get; set; } = true;

    /// <summary>From how long on work is slow, for <see cref="KeepOutliers"/>.</summary>
    /// <value>Default 1 s, 1 ms to 1 h.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan KeepSlowerThan { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many spans may wait for the end of their work, at most, for <see cref="KeepOutliers"/>. What is past it is dropped and counted.</summary>
    /// <value>Default 20,000, 100 to 1,000,000; a span takes some 2 kB.</value>
    [Range(100, 1_000_000)]
    public int TailBufferSpans { get; set; } = 20_000;

    /// <summary>
    /// The names of baggage items (W3C Baggage) that are taken over from callers. All others are left out: what a caller sends here would go
    /// on with every event and every outgoing request.
    /// </summary>
    /// <value>Default <c>correlation.id</c>. Names from the configuration are added to it.</value>
    [Required]
    public IList<string> Baggage { get; } = [Platform.Messaging.MessagingTelemetry.CorrelationBaggage];

    /// <summary>Whether <c>/metrics</c> is there, for Prometheus: in its text form, and as OpenMetrics with exemplars.</summary>
    /// <value>Default <see langword="true"/>.</value>
    public bool Metrics { get; set; } = true;

    /// <summary>The one port on which <c>/metrics</c> answers, of those that the host listens on: one that no ingress leads to.</summary>
    /// <value>Default <see langword="null"/>: every port. 1 to 65,535.</value>
    [Range(1, 65_535)]
    public int? MetricsPort { get; set; }
}

/// <summary>How it is decided which traces are recorded.</summary>
public enum TraceSampler
{
    /// <summary>All are, whatever the caller says.</summary>
    AlwaysOn,

    /// <summary>A share by the trace's id, whatever the caller says: processes with one ratio agree on each trace.</summary>
    Ratio,

    /// <summary>As the caller decided; a share of those that begin here.</summary>
    ParentBased,

    /// <summary>None is.</summary>
    AlwaysOff,
}
