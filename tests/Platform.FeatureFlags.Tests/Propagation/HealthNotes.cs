using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Platform.FeatureFlags.Tests.Propagation;

/// <summary>What a host says of its flags.</summary>
internal static class HealthNotes
{
    /// <summary>As the check itself says it, without the cache of the probes.</summary>
    public static string Of(Replica replica)
    {
        var registration = replica.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<HealthCheckServiceOptions>>().Value.Registrations
            .Single(check => check.Name == "flags");
        return registration.Factory(replica.Services).CheckHealthAsync(new HealthCheckContext { Registration = registration }).GetAwaiter().GetResult().Description!;
    }

    /// <summary>As it can be read in Development, and elsewhere by operators.</summary>
    public static async Task<(string Status, string Note)> ReadAsync(Replica replica)
    {
        using var client = new HttpClient { BaseAddress = replica.Address };
        using var response = await client.GetAsync(new Uri("/readyz?verbose", UriKind.Relative));
        var check = (await response.Content.ReadFromJsonAsync<JsonObject>())!["checks"]!.AsArray().Single(check => (string)check!["name"]! == "flags")!;
        return ((string)check["status"]!, (string)check["note"]!);
    }
}
