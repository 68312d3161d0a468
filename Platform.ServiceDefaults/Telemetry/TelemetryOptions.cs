using System.ComponentModel.DataAnnotations;

namespace Platform.ServiceDefaults.Telemetry;

/// <summary>What is told of the host. Section <c>Platform:Telemetry</c>.</summary>
/// <remarks>
/// Where it goes is OpenTelemetry's own configuration: <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> (without it nothing is sent),
/// <c>OTEL_EXPORTER_OTLP_PROTOCOL</c> (<c>grpc</c> or <c>http/protobuf</c>), <c>OTEL_SERVICE_NAME</c>, <c>OTEL_RESOURCE_ATTRIBUTES</c>.
/// </remarks>
public sealed class TelemetryOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Platform:Telemetry";

    /// <summary>The share of new traces that is recorded; a trace that comes from a caller keeps the caller's decision.</summary>
    /// <value>Default <see langword="null"/>: all, or what <c>OTEL_TRACES_SAMPLER</c> says. 0 to 1.</value>
    [Range(0.0, 1.0)]
    public double? SampleRatio { get; set; }

    /// <summary>Whether <c>/metrics</c> is there, for Prometheus: in its text form, and as OpenMetrics with exemplars.</summary>
    /// <value>Default <see langword="true"/>.</value>
    public bool Metrics { get; set; } = true;

    /// <summary>The one port on which <c>/metrics</c> answers, of those that the host listens on: one that no ingress leads to.</summary>
    /// <value>Default <see langword="null"/>: every port. 1 to 65,535.</value>
    [Range(1, 65_535)]
    public int? MetricsPort { get; set; }
}
