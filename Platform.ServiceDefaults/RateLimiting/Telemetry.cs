using System.Diagnostics.Metrics;

namespace Platform.ServiceDefaults.RateLimiting;

internal static class Telemetry
{
    private static readonly Meter Meter = new("Platform.RateLimiting");

    public static readonly Counter<long> Limited = Meter.CreateCounter<long>(
        "platform.http.rate_limited", "{request}", "Requests that were refused because their caller had asked for too much.");

    public static readonly Counter<long> Shed = Meter.CreateCounter<long>(
        "platform.http.shed", "{request}", "Requests that were refused because this process was saturated.");
}
