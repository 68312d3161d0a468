using System.Diagnostics.Metrics;

namespace Platform.ServiceDefaults.Health;

internal static class Telemetry
{
    public const string MeterName = "Platform.Health";

    /// <summary>Reports the last answer of each check: 2 healthy, 1 degraded, 0 unhealthy, as <c>HealthStatus</c> counts.</summary>
    public static void Observe(IMeterFactory meters, Func<IEnumerable<CheckOutcome>> outcomes) => meters.Create(MeterName).CreateObservableGauge(
        "platform.health.check.status",
        () => outcomes().Select(outcome => new Measurement<int>((int)outcome.Status, new KeyValuePair<string, object?>("platform.health.check.name", outcome.Name))),
        "{status}",
        "The last answer of a health check: 2 healthy, 1 degraded, 0 unhealthy");
}
