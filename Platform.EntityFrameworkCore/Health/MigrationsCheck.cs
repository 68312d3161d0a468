using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Platform.EntityFrameworkCore.Health;

// A schema that is newer than the host passes: hosts are rolled back without it.
internal sealed class MigrationsCheck<TContext>(TContext database) : IHealthCheck
    where TContext : DbContext
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var pending = await database.Database.GetPendingMigrationsAsync(cancellationToken);
        return pending.FirstOrDefault() is { } first
            ? new HealthCheckResult(context.Registration.FailureStatus, $"Migrations are not applied yet, {first} the first of them.")
            : HealthCheckResult.Healthy();
    }
}
