using System.Diagnostics;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Context.Propagation;
using OpenTelemetry.Exporter;
using OpenTelemetry.Instrumentation.AspNetCore;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Platform.Redaction;
using Platform.ServiceDefaults.Health;
using Platform.ServiceDefaults.Redaction;
using Platform.ServiceDefaults.Redis;
using Platform.ServiceDefaults.Telemetry.Export;
using Platform.ServiceDefaults.Telemetry.Sampling;

namespace Platform.ServiceDefaults.Telemetry;

internal static class TelemetryExtensions
{
    // Every source and meter of Platform is named so; a capability has nothing to register.
    private const string OwnNames = "Platform.*";
    private const string MetricsExporter = "metrics";

    // Those of the framework that are worth their cost. Those of routing, memory pools, authentication and authorization count several times a request what
    // the duration by route and status tells as well.
    private static readonly string[] ServerMeters =
        ["Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.Http.Connections", "Microsoft.AspNetCore.Diagnostics"];

    /// <summary>The name under which the host appears everywhere.</summary>
    public static string ServiceName(this IHostApplicationBuilder builder) =>
        builder.Configuration["OTEL_SERVICE_NAME"] is { Length: > 0 } name ? name : builder.Environment.ApplicationName;

    public static void AddTelemetry(this IHostApplicationBuilder builder, string serviceName)
    {
        builder.Services.AddOptions<TelemetryOptions>().BindConfiguration(TelemetryOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        var options = builder.Configuration.GetSection(TelemetryOptions.SectionName).Get<TelemetryOptions>() ?? new();
        var traces = OtlpSettings.Of(builder.Configuration, "traces");
        var metricsTo = OtlpSettings.Of(builder.Configuration, "metrics");
        var sampler = SamplingRule.Of(options, builder.Configuration);
        var keepsOutliers = traces is not null && options.KeepOutliers && sampler is not (AlwaysOnSampler or AlwaysOffSampler);

        // Trace context and baggage are the runtime's business, for requests and for HTTP clients; OpenTelemetry's own reading knows no allow-list.
        Sdk.SetDefaultTextMapPropagator(new TraceContextPropagator());
        builder.Services.AddSingleton<DistributedContextPropagator, BaggageAllowList>();
        builder.Services.AddOptions<AspNetCoreTraceInstrumentationOptions>()
            .Configure<IRedactionKeys>((http, keys) => http.EnrichWithHttpResponse = new CallerTag(keys).Set);
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(
                serviceName,
                serviceVersion: Version(),
                autoGenerateServiceInstanceId: !HasInstanceId(builder.Configuration)))
            .WithTracing(tracing =>
            {
                tracing.AddSource(OwnNames);
                tracing.AddAspNetCoreInstrumentation(http =>
                {
                    http.Filter = context => !HealthEndpoints.IsProbe(context.Request.Path)
                        && !context.Request.Path.Equals(MetricsEndpoint.Path, StringComparison.OrdinalIgnoreCase);
                });
                tracing.AddHttpClientInstrumentation();
                tracing.AddProcessor(services => services.GetRequiredService<RedisSpans>());

                // Behind what adds to spans, and before what sends them.
                tracing.AddProcessor<SafeSpans>();
                tracing.SetSampler(keepsOutliers ? new TailSampler(sampler) : sampler);
                if (traces is not null)
                {
                    tracing.AddProcessor(services => new SpanExport(
                        new OtlpTraceExporter(traces.Options()), services.GetRequiredService<IOptions<BatchExportActivityProcessorOptions>>().Value, options, keepsOutliers));
                }
            })
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(OwnNames)
                    .AddMeter("Polly")
                    .AddMeter(ServerMeters)
                    .AddHttpClientInstrumentation()
                    .AddRuntimeInstrumentation()
                    .SetExemplarFilter(ExemplarFilterType.TraceBased);
                if (options.Metrics)
                {
                    metrics.AddPrometheusExporter();
                }

                if (metricsTo is not null)
                {
                    Redactors? redactors = null;
                    metrics.ConfigureServices(services => services.AddOptions<OtlpExporterOptions>(MetricsExporter).Configure<IServiceProvider>((otlp, provider) => metricsTo.Apply(
                        otlp, () => (redactors ??= provider.GetRequiredService<Redactors>()).For(RedactionAudience.Telemetry))));
                    metrics.AddOtlpExporter(MetricsExporter, (Action<OtlpExporterOptions>?)null);
                }
            });

        if (OtlpSettings.Of(builder.Configuration, "logs") is { } logsTo)
        {
            telemetry.WithLogging(
                logging => logging.AddProcessor<SafeLogRecords>().AddProcessor(services => new LogExport(new OtlpLogExporter(logsTo.Options()), services)),
                logs =>
                {
                    logs.IncludeFormattedMessage = true;
                    logs.IncludeScopes = true;
                });
        }

        builder.Services.RedactScopes();
        ExportTelemetry.Start();
        QueueWatch.Start();
    }

    private static bool HasInstanceId(IConfiguration configuration) =>
        configuration["OTEL_RESOURCE_ATTRIBUTES"]?.Contains("service.instance.id=", StringComparison.Ordinal) ?? false;

    private static string? Version() =>
        Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
}
