namespace Platform.Messaging.Transports;

/// <summary>
/// A broker that this host can speak to. It is used when <see cref="MessagingOptions.Transport"/> names it: the relay of the process fills it
/// from the log, and every subscription reads from it that does not say otherwise with <see cref="SubscriptionBuilder.ReadFrom"/>.
/// </summary>
/// <param name="Transport">The name by which the configuration chooses it.</param>
/// <param name="OpenTransport">Makes the side that publishes, once a process.</param>
/// <param name="OpenSource">Makes the side that reads, once for each worker, which disposes of it.</param>
/// <param name="Forget">
/// Removes what the broker keeps for a subscription that is given up, and passes over what is not there. Gets the subscription's name and how many lanes there are;
/// throws <see cref="TransportUnavailableException"/> when the broker is away.
/// </param>
public sealed record EventBroker(
    MessagingTransport Transport,
    Func<IServiceProvider, IEventTransport> OpenTransport,
    Func<LaneSourceContext, ILaneSource> OpenSource,
    Func<IServiceProvider, string, int, CancellationToken, Task> Forget);

/// <param name="Broker">What the host was given.</param>
/// <param name="Relay">The relay that fills it, when it is chosen.</param>
internal sealed record DeclaredBroker(EventBroker Broker, SubscriptionBuilder Relay);
