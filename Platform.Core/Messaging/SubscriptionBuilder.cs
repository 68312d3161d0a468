using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Platform.FeatureFlags;
using Platform.Messaging.Transports;

namespace Platform.Messaging;

/// <summary>Declares what one subscription handles.</summary>
/// <remarks>
/// A subscription has its own place in the log and its own marks in the inbox: each event reaches each subscription once, whatever the
/// number of processes that share it.
/// </remarks>
public sealed class SubscriptionBuilder
{
    private readonly IServiceCollection _services;

    internal SubscriptionBuilder(string name, IServiceCollection services)
    {
        Name = name;
        _services = services;
    }

    /// <summary>The subscription's name: the consumer's name in the inbox and in the table of cursors. Changing it starts a new one.</summary>
    public string Name { get; }

    internal List<HandlerBinding> Handlers { get; } = [];

    internal Func<LaneSourceContext, ILaneSource>? Source { get; private set; }

    internal Func<IServiceProvider, IEventTransport>? Transport { get; init; }

    /// <summary>Hands events of one type to a handler, of which each event gets a new instance.</summary>
    /// <exception cref="InvalidOperationException">The subscription has a handler for the type already: a second one is a subscription of its own.</exception>
    public SubscriptionBuilder Handle<TEvent, THandler>()
        where TEvent : class
        where THandler : class, IEventHandler<TEvent>
    {
        if (Handlers.Exists(handler => handler.EventClass == typeof(TEvent)))
        {
            throw new InvalidOperationException($"Subscription {Name} handles {typeof(TEvent)} already; give the second handler a subscription of its own.");
        }

        _services.TryAddTransient<THandler>();
        var binding = new HandlerBinding<TEvent, THandler>();
        if (binding.Gate is not null)
        {
            _services.AddFeatureFlags();
        }

        Handlers.Add(binding);
        return this;
    }

    /// <summary>Reads from a broker instead of the log; a relay has to fill it.</summary>
    /// <param name="source">Makes a source for each worker, which disposes of it.</param>
    public SubscriptionBuilder ReadFrom(Func<LaneSourceContext, ILaneSource> source)
    {
        Source = source;
        return this;
    }

    /// <summary>Sets the subscription's options; the section <c>Platform:Messaging:Subscriptions:{name}</c> wins over it.</summary>
    public SubscriptionBuilder Configure(Action<SubscriptionOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        _services.Configure(Name, configure);
        return this;
    }
}
