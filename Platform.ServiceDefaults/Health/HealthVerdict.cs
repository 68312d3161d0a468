using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Platform.ServiceDefaults.Health;

/// <summary>What a probe is told.</summary>
/// <param name="Passed">200 or 503.</param>
/// <param name="Status"><c>ok</c>, <c>degraded</c>, or why not: <c>starting</c>, <c>draining</c>, <c>unavailable</c>.</param>
/// <param name="Outcomes">What it rests on.</param>
internal sealed record HealthVerdict(bool Passed, string Status, IReadOnlyList<CheckOutcome> Outcomes)
{
    public static HealthVerdict Failed(string status, IReadOnlyList<CheckOutcome> outcomes) => new(false, status, outcomes);

    /// <summary>A required check that is unhealthy fails it; anything else that is not healthy degrades it.</summary>
    public static HealthVerdict Of(IReadOnlyList<CheckOutcome> outcomes, bool latched = false)
    {
        if (!latched && outcomes.Any(outcome => outcome is { Required: true, Status: HealthStatus.Unhealthy }))
        {
            return Failed("unavailable", outcomes);
        }

        return new(true, latched || outcomes.All(outcome => outcome.Status is HealthStatus.Healthy) ? "ok" : "degraded", outcomes);
    }
}
