using System.Diagnostics.Metrics;

namespace Platform.ServiceDefaults.Logging;

internal static class Telemetry
{
    public const string MeterName = "Platform.Logging";

    private static readonly Meter Meter = new(MeterName);

    public static readonly Counter<long> Dropped = Meter.CreateCounter<long>(
        "platform.logging.dropped", "{line}", "Log lines that were dropped because standard output did not take them");

    public static readonly Counter<long> WriteFailures = Meter.CreateCounter<long>(
        "platform.logging.write_failures", "{write}", "Writes to standard output that failed");

    public static readonly Counter<long> Collapsed = Meter.CreateCounter<long>(
        "platform.logging.collapsed", "{line}", "Log lines that were not written because many of their kind were; the log says how many.");
}
