using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Platform.Redaction;
using Platform.ServiceDefaults.Budgets;
using Platform.ServiceDefaults.Drain;
using Platform.ServiceDefaults.Health;
using Platform.ServiceDefaults.Http;
using Platform.ServiceDefaults.Logging;
using Platform.ServiceDefaults.Redis;
using Platform.ServiceDefaults.Resilience;
using Platform.ServiceDefaults.Telemetry;

// The namespace of the host builders, as Aspire's own service defaults: a host needs no using for it.
namespace Microsoft.Extensions.Hosting;

/// <summary>What every host of Platform has at its edge.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>
    /// Adds telemetry, logs, health checks, graceful drain, resilient HTTP clients with service discovery, and the headers that every
    /// response carries. Call it before anything else: what it sets are defaults.
    /// </summary>
    /// <typeparam name="TBuilder">The host builder.</typeparam>
    /// <param name="builder">The host.</param>
    /// <returns>The same builder.</returns>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton(TimeProvider.System);

        builder.Services.AddPlatformRedaction();

        var serviceName = builder.ServiceName();
        builder.AddPlatformLogging(serviceName);
        builder.AddTelemetry(serviceName);
        builder.AddRedisDefaults();
        builder.Services.AddPlatformHealth();
        builder.Services.AddDrain();
        builder.Services.AddResilientHttpClients();
        builder.Services.AddPlatformCors();
        builder.Services.Configure<Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions>(kestrel => kestrel.AddServerHeader = false);
        builder.Services.AddTransient<IStartupFilter, HttpEdge>();
        builder.AddBudgets();
        return builder;
    }

    /// <summary>
    /// Maps <c>/healthz</c> (the process, never a dependency), <c>/readyz</c> (dependencies; false while starting and draining) and
    /// <c>/startup</c>. They answer 200 <c>ok</c> or 503, to everybody; <c>?verbose</c> lists the checks as JSON, outside of Development to operators alone. And <c>/metrics</c>, for Prometheus.
    /// </summary>
    /// <param name="app">The application.</param>
    /// <returns>The same application.</returns>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.MapHealth();
        app.MapMetrics();
        return app;
    }
}
