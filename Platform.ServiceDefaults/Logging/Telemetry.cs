using System.Diagnostics.Metrics;

namespace Platform.ServiceDefaults.Logging;

/// <summary>What standard output lost. Logging begins before metrics do, so its counts are kept here and looked at: they are there from zero.</summary>
internal static class Telemetry
{
    public const string MeterName = "Platform.Logging";

    private static readonly Meter Meter = new(MeterName);

    private static long _dropped;
    private static long _writeFailures;
    private static long _collapsed;

    static Telemetry()
    {
        Meter.CreateObservableCounter(
            "platform.logging.dropped", () => Volatile.Read(ref _dropped), "{line}", "Log lines that were dropped because standard output did not take them.");
        Meter.CreateObservableCounter(
            "platform.logging.write_failures", () => Volatile.Read(ref _writeFailures), "{write}", "Writes to standard output that failed.");
        Meter.CreateObservableCounter(
            "platform.logging.collapsed", () => Volatile.Read(ref _collapsed), "{line}", "Log lines that were not written because many of their kind were; the log says how many.");
    }

    /// <summary>Has the counts shown.</summary>
    public static void Start() => Volatile.Read(ref _dropped);

    public static void Dropped() => Interlocked.Increment(ref _dropped);

    public static void WriteFailed() => Interlocked.Increment(ref _writeFailures);

    public static void Collapsed() => Interlocked.Increment(ref _collapsed);
}
