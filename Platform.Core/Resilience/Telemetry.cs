using System.Diagnostics.Metrics;

namespace Platform.Resilience;

internal static class Telemetry
{
    public const string NameTag = "platform.breaker.name";
    public const string StateTag = "platform.breaker.state";
    public const string OutcomeTag = "platform.breaker.outcome";
    public const string ReasonTag = "platform.breaker.reason";

    private static readonly Meter Meter = new("Platform.Resilience");

    public static readonly Counter<long> Calls = Meter.CreateCounter<long>(
        "platform.breaker.calls", "{call}", "Calls that a breaker let through, by how they ended.");

    public static readonly Counter<long> Refused = Meter.CreateCounter<long>(
        "platform.breaker.refused", "{call}", "Calls that were not made: the breaker was open, or too many were under way.");

    public static readonly Counter<long> Transitions = Meter.CreateCounter<long>(
        "platform.breaker.transitions", "{transition}", "Changes of a breaker's state, by the new state.");

    static Telemetry() => Meter.CreateObservableGauge(
        "platform.breaker.state",
        () => CircuitBreakers.Everywhere.Select(breaker => new Measurement<int>(
            (int)breaker.Snapshot.State, new KeyValuePair<string, object?>(NameTag, breaker.Name))),
        "{state}",
        "How a breaker of this process stands: 0 closed, 1 half open, 2 open.");

    /// <summary>Shows what was not counted yet: the first of a kind is no increase of what was not there.</summary>
    public static void FromZero(string name)
    {
        Refused.Add(0, new(NameTag, name), new(ReasonTag, "open"));
        Transitions.Add(0, new(NameTag, name), new(StateTag, Text(CircuitState.Open)));
        Calls.Add(0, new(NameTag, name), new(OutcomeTag, "failure"));
    }

    public static string Text(CircuitState state) => state switch
    {
        CircuitState.Closed => "closed",
        CircuitState.HalfOpen => "half_open",
        _ => "open",
    };
}
