using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Platform.ServiceDefaults.Redaction;

namespace Platform.ServiceDefaults.Telemetry;

internal static class MetricsEndpoint
{
    public const string Path = "/metrics";

    /// <summary>Shows the host's metrics to Prometheus.</summary>
    public static void MapMetrics(this IEndpointRouteBuilder endpoints)
    {
        var options = endpoints.ServiceProvider.GetRequiredService<IOptions<TelemetryOptions>>().Value;
        if (!options.Metrics)
        {
            return;
        }

        var metrics = endpoints.MapPrometheusScrapingEndpoint(Path)
            .ExcludeFromDescription()
            .AllowAnonymous()
            .DisableHttpMetrics()
            .DisableRateLimiting();
        metrics.RedactBody();
        if (options.MetricsPort is { } port)
        {
            metrics.RequireHost($"*:{port}");
        }
    }
}
