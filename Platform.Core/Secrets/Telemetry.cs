using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Platform.Secrets;

internal static class Telemetry
{
    public const string NameTag = "platform.secrets.name";
    public const string StepTag = "platform.secrets.step";
    public const string OutcomeTag = "platform.secrets.outcome";
    public const string TriggerTag = "platform.secrets.trigger";

    public static readonly ActivitySource Source = new("Platform.Secrets");

    private static readonly Meter Meter = new("Platform.Secrets");
    private static readonly ConcurrentDictionary<string, SecretHealth> Known = new(StringComparer.Ordinal);

    public static readonly Counter<long> Rotations = Meter.CreateCounter<long>(
        "platform.secrets.rotations", "{rotation}", "Rotations that ended, by outcome: completed, failed, rolled_back.");

    public static readonly Counter<long> StepFailures = Meter.CreateCounter<long>(
        "platform.secrets.step_failures", "{failure}", "Steps of rotations that failed and are tried again.");

    public static readonly Histogram<double> StepDuration = Meter.CreateHistogram<double>(
        "platform.secrets.step.duration", "s", "How long steps of rotations take.");

    public static readonly Counter<long> OrphansRemoved = Meter.CreateCounter<long>(
        "platform.secrets.orphans_removed", "{credential}", "Credentials that nobody kept, found and made worthless.");

    static Telemetry()
    {
        Meter.CreateObservableGauge("platform.secrets.age", () => Measure(health => health.Age), "s", "How old the version in use is.");
        Meter.CreateObservableGauge("platform.secrets.due_in", () => Measure(health => health.DueIn), "s", "How long until the version in use is due for rotation; negative when it is overdue.");
        Meter.CreateObservableGauge("platform.secrets.failing", () => Measure(health => health.Failing ? 1 : 0), "{secret}", "1 while a rotation fails or was given up and none has succeeded since.");
        Meter.CreateObservableGauge("platform.secrets.orphans", () => Measure(health => health.Orphans), "{credential}", "Credentials that nobody keeps and that could not be made worthless.");
        Meter.CreateObservableGauge("platform.secrets.readers_behind", () => Measure(health => health.Behind), "{host}", "Hosts that have not taken the last change up.");
    }

    public static void Observe(string name, SecretHealth health)
    {
        Known[name] = health;

        // The first failure is no increase of what was not there.
        Rotations.Add(0, new(NameTag, name), new(OutcomeTag, "failed"), new(TriggerTag, "schedule"));
    }

    private static IEnumerable<Measurement<double>> Measure(Func<SecretHealth, double?> value) => Known
        .Select(pair => (pair.Key, Value: value(pair.Value)))
        .Where(pair => pair.Value is not null)
        .Select(pair => new Measurement<double>(pair.Value!.Value, new KeyValuePair<string, object?>(NameTag, pair.Key)));
}

/// <summary>What a worker saw last of a secret.</summary>
internal sealed record SecretHealth(double? Age, double? DueIn, bool Failing, int Orphans, int Behind);
