using System.Diagnostics.Metrics;

namespace Platform.ServiceDefaults.TokenBinding;

internal static class Telemetry
{
    public const string ActionTag = "platform.binding.action";
    public const string CheckTag = "platform.binding.check";

    private static readonly Meter Meter = new("Platform.TokenBinding");

    public static readonly Counter<long> Violations = Meter.CreateCounter<long>(
        "platform.binding.violations", "{violation}", "Uses of a token by the wrong party, reported or refused.");

    public static readonly Counter<long> Refused = Meter.CreateCounter<long>(
        "platform.binding.proofs.refused", "{proof}", "Proofs of possession that failed a check.");
}
