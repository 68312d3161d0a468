using System.Diagnostics.Metrics;

namespace Platform.EntityFrameworkCore.Audit;

internal static class Telemetry
{
    private static readonly Meter Meter = new("Platform.Audit");

    public static readonly Counter<long> Sealed = Meter.CreateCounter<long>("platform.audit.sealed", "{entry}", "Entries put into the chain.");
}
