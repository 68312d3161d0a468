using Microsoft.Extensions.Hosting;

namespace Platform.ServiceDefaults.AspireClients;

// A client that is registered twice (by a host and by a library) has one check: the name decides.
internal static class HealthCheckNames
{
    public static bool TryClaimHealthCheck(this IHostApplicationBuilder builder, string name) =>
        builder.Properties.TryAdd($"Aspire.HealthChecks.{name}", true);
}
