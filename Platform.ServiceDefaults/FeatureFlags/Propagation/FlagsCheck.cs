using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Platform.ServiceDefaults.FeatureFlags;

/// <summary>Says where answers come from. Degrades while it is not the database; a host answers all the same.</summary>
internal sealed class FlagsCheck(FlagServing serving, FlagRefresh refresh) : IHealthCheck
{
    public const string Name = "flags";

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var version = serving.Stored.Version.ToString(CultureInfo.InvariantCulture);
        var (healthy, note) = serving.Source switch
        {
            FlagSource.Database when !refresh.DatabaseAway => (true, refresh.IsTold
                ? $"version {version} from the database"
                : $"version {version} from the database; changes are found by polling"),
            FlagSource.Database => (false, $"version {version}, kept in memory: the database is away"),
            FlagSource.File => (false, $"version {version} from the file of {serving.SavedAt?.ToString("u", CultureInfo.InvariantCulture)}: the database is away"),
            FlagSource.Configuration => (!refresh.FollowsDatabase, "from the configuration"),
            _ => (!refresh.FollowsDatabase, "no flags: each has its default"),
        };
        var facts = new Dictionary<string, object>(StringComparer.Ordinal) { ["note"] = note };
        return Task.FromResult(healthy ? HealthCheckResult.Healthy(note, facts) : HealthCheckResult.Degraded(note, data: facts));
    }
}
