using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Platform.FeatureFlags;
using Platform.FeatureFlags.Gates;

namespace Platform.Messaging;

/// <summary>The gate of a handler, see <see cref="RequireFlagAttribute"/>.</summary>
internal sealed class HandlerGate(RequireFlagAttribute declared)
{
    private readonly FlagGate _gate = FlagGate.Parse(declared.Gate);

    /// <summary>Events wait for the gate to open, instead of being passed over.</summary>
    public bool Defers => declared.Otherwise == GatedEvent.Defer;

    public static HandlerGate? Of(Type handlerClass) => handlerClass.GetCustomAttribute<RequireFlagAttribute>() is { } declared ? new HandlerGate(declared) : null;

    /// <summary>Whether the handler is to be run.</summary>
    /// <exception cref="EventDeferredException">The gate is closed, and the event has to wait.</exception>
    public bool Opens(IServiceProvider scope, EventEnvelope envelope)
    {
        var context = new FlagContext
        {
            UserId = envelope.Actor,
            Properties = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["eventType"] = envelope.EventType,
                ["aggregateType"] = envelope.AggregateType,
                ["aggregateId"] = envelope.AggregateId,
            },
        };
        if (_gate.IsOpen(scope.GetRequiredService<IFeatureFlags>(), context))
        {
            return true;
        }

        return Defers ? throw new EventDeferredException(_gate.ToString(), TimeSpan.FromSeconds(Math.Clamp(declared.RetrySeconds, 1, 86_400))) : false;
    }
}

/// <summary>The event is not to be handled yet: it is no failure of the handler.</summary>
internal sealed class EventDeferredException(string gate, TimeSpan delay) : Exception($"The gate {gate} is closed.")
{
    /// <summary>When to look again, from now.</summary>
    public TimeSpan Delay { get; } = delay;
}
