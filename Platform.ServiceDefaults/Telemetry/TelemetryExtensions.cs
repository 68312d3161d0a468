using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Platform.ServiceDefaults.Health;
using Platform.ServiceDefaults.Redaction;

namespace Platform.ServiceDefaults.Telemetry;

internal static class TelemetryExtensions
{
    // Every source and meter of Platform is named so; a capability has nothing to register.
    private const string OwnNames = "Platform.*";

    private static readonly string[] EndpointKeys =
    [
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
        "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
        "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
    ];

    /// <summary>The name under which the host appears everywhere.</summary>
    public static string ServiceName(this IHostApplicationBuilder builder) =>
        builder.Configuration["OTEL_SERVICE_NAME"] is { Length: > 0 } name ? name : builder.Environment.ApplicationName;

    public static void AddTelemetry(this IHostApplicationBuilder builder, string serviceName)
    {
        builder.Services.AddOptions<TelemetryOptions>().BindConfiguration(TelemetryOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        var options = builder.Configuration.GetSection(TelemetryOptions.SectionName).Get<TelemetryOptions>() ?? new();
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(
                serviceName,
                serviceVersion: Version(),
                autoGenerateServiceInstanceId: !HasInstanceId(builder.Configuration)))
            .WithTracing(tracing =>
            {
                tracing.AddSource(OwnNames);
                tracing.AddProcessor<SafeSpans>();
                tracing.AddAspNetCoreInstrumentation(http =>
                {
                    http.Filter = context => !HealthEndpoints.IsProbe(context.Request.Path)
                        && !context.Request.Path.Equals(MetricsEndpoint.Path, StringComparison.OrdinalIgnoreCase);
                    http.EnrichWithHttpResponse = CallerTag.Set;
                });
                tracing.AddHttpClientInstrumentation();
                if (options.SampleRatio is { } ratio)
                {
                    tracing.SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(ratio)));
                }
            })
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(OwnNames)
                    .AddMeter("Polly")
                    .AddAspNetCoreInstrumentation()
                    .AddHttpClientInstrumentation()
                    .AddRuntimeInstrumentation()
                    .SetExemplarFilter(ExemplarFilterType.TraceBased);
                if (options.Metrics)
                {
                    metrics.AddPrometheusExporter();
                }
            });

        if (!Array.Exists(EndpointKeys, key => !string.IsNullOrWhiteSpace(builder.Configuration[key])))
        {
            return;
        }

        telemetry.WithLogging(logging => logging.AddProcessor<SafeLogRecords>(), logs =>
        {
            logs.IncludeFormattedMessage = true;
            logs.IncludeScopes = true;
        });
        builder.Services.RedactScopes();
        telemetry.UseOtlpExporter();
    }

    private static bool HasInstanceId(IConfiguration configuration) =>
        configuration["OTEL_RESOURCE_ATTRIBUTES"]?.Contains("service.instance.id=", StringComparison.Ordinal) ?? false;

    private static string? Version() =>
        Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
}
