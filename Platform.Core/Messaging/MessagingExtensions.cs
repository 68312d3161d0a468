using Microsoft.Extensions.DependencyInjection;
using Platform.Messaging.Transports;

namespace Platform.Messaging;

/// <summary>Declares events and subscriptions; the store and the dispatcher come with <c>AddMessaging&lt;TContext&gt;()</c>.</summary>
public static class MessagingExtensions
{
    private const int MaxSubscriptionName = 100;

    /// <summary>Declares events. May be called any number of times.</summary>
    public static IServiceCollection AddEvents(this IServiceCollection services, Action<EventsBuilder> declare)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(declare);
        var builder = new EventsBuilder();
        declare(builder);
        return services.AddSingleton(builder);
    }

    /// <summary>
    /// Adds a subscription, and with it the work: a process that declares one takes part in handling its events.
    /// </summary>
    /// <param name="services">Where to.</param>
    /// <param name="name">Up to 100 characters; changing it starts a new subscription.</param>
    /// <param name="declare">Names the handlers.</param>
    /// <exception cref="InvalidOperationException">There is a subscription of that name already.</exception>
    public static IServiceCollection AddSubscription(this IServiceCollection services, string name, Action<SubscriptionBuilder> declare)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(declare);
        var builder = new SubscriptionBuilder(name, services);
        declare(builder);
        return services.Add(builder);
    }

    /// <summary>
    /// Adds a relay: a subscription that takes every event of the log and publishes it to a broker, in the order of the lanes. Its options are those
    /// of a subscription.
    /// </summary>
    /// <param name="services">Where to.</param>
    /// <param name="name">Up to 100 characters; changing it starts a new relay, which publishes what the log holds.</param>
    /// <param name="transport">Makes the client of the broker, once.</param>
    /// <exception cref="InvalidOperationException">There is a subscription or relay of that name already.</exception>
    public static IServiceCollection AddRelay(this IServiceCollection services, string name, Func<IServiceProvider, IEventTransport> transport)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(transport);
        return services.Add(new SubscriptionBuilder(name, services) { Transport = transport });
    }

    /// <summary>
    /// Gives the host a broker that the configuration may choose. Where <see cref="MessagingOptions.Transport"/> names it, the process relays to it and its
    /// subscriptions read from it; otherwise nothing happens. The relay's options are those of the subscription <see cref="MessagingOptions.RelayName"/>.
    /// </summary>
    public static IServiceCollection AddEventBroker(this IServiceCollection services, EventBroker broker)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(broker);
        services.AddSubscriptionOptions(MessagingOptions.RelayName);
        return services.AddSingleton(new DeclaredBroker(broker, new SubscriptionBuilder(MessagingOptions.RelayName, services) { Transport = broker.OpenTransport }));
    }

    private static IServiceCollection Add(this IServiceCollection services, SubscriptionBuilder builder)
    {
        var name = builder.Name;
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Length, MaxSubscriptionName);
        if (services.Any(service => service.ImplementationInstance is SubscriptionBuilder other && other.Name == name))
        {
            throw new InvalidOperationException($"There is a subscription {name} already.");
        }

        services.AddSingleton(builder);
        services.AddSubscriptionOptions(name);
        return services;
    }

    private static void AddSubscriptionOptions(this IServiceCollection services, string name) => services.AddOptions<SubscriptionOptions>(name)
        .BindConfiguration($"{MessagingOptions.Section}:Subscriptions:{name}")
        .ValidateDataAnnotations()
        .ValidateOnStart();
}
