using System.Diagnostics.Metrics;

namespace Platform.ServiceDefaults.RateLimiting;

internal static class Telemetry
{
    private static readonly Meter Meter = new("Platform.RateLimiting");

    public static readonly Counter<long> Limited = Meter.CreateCounter<long>(
        "platform.http.rate_limited", "{request}", "Requests that were refused because their caller had asked for too much.");

    public static readonly Counter<long> Shed = Meter.CreateCounter<long>(
        "platform.http.shed", "{request}", "Requests that were refused because this process was saturated.");

    /// <summary>Shows what was not counted yet: the first refusal is no increase of what was not there.</summary>
    public static void FromZero(IEnumerable<KeyValuePair<string, object?>> classes)
    {
        Shed.Add(0);
        foreach (var tag in classes)
        {
            Limited.Add(0, tag);
        }
    }
}
