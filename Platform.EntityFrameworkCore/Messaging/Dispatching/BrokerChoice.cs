using Microsoft.Extensions.Options;
using Platform.EntityFrameworkCore.Messaging.Lanes;
using Platform.Messaging;
using Platform.Messaging.Transports;

namespace Platform.EntityFrameworkCore.Messaging.Dispatching;

/// <summary>What the configured transport makes of the declarations: whether this process relays, and where its subscriptions read.</summary>
internal sealed class BrokerChoice(
    IEnumerable<DeclaredBroker> brokers, MessagingDatabase database, IOptions<MessagingOptions> options, IServiceProvider services)
{
    private readonly DeclaredBroker? _chosen = brokers.LastOrDefault(broker => broker.Broker.Transport == options.Value.Transport);

    /// <summary>Adds the relay to what is declared.</summary>
    /// <exception cref="InvalidOperationException">Subscriptions are to read from a broker that this host was not given.</exception>
    public IReadOnlyList<SubscriptionBuilder> Apply(IEnumerable<SubscriptionBuilder> declarations)
    {
        List<SubscriptionBuilder> all = [.. declarations];
        var transport = options.Value.Transport;
        if (transport is not MessagingTransport.PostgreSql && _chosen is null && all.Exists(declaration => declaration.Transport is null && declaration.Source is null))
        {
            throw new InvalidOperationException(
                $"{MessagingOptions.Section}:Transport is {transport}, which this host was not given: call Add{transport}() on its builder.");
        }

        if (_chosen is null || !options.Value.Relay)
        {
            return all;
        }

        return all.Exists(declaration => declaration.Name == MessagingOptions.RelayName)
            ? throw new InvalidOperationException($"A subscription is named {MessagingOptions.RelayName}, which is the relay's name.")
            : [_chosen.Relay, .. all];
    }

    /// <summary>Where a subscription reads; null for the log.</summary>
    public Func<LaneSourceContext, ILaneSource>? SourceOf(SubscriptionBuilder declaration) =>
        declaration.Source ?? (declaration.Transport is null ? _chosen?.Broker.OpenSource : null);

    /// <summary>Removes what the configured broker keeps for a subscription.</summary>
    /// <returns>Whether this host was given that broker.</returns>
    public async Task<bool> ForgetAsync(string subscription, CancellationToken cancellationToken)
    {
        if (_chosen is null)
        {
            return false;
        }

        await _chosen.Broker.Forget(services, subscription, database.LaneCount, cancellationToken);
        return true;
    }

    /// <summary>The name of what a subscription reads from, as its lanes keep it; null for the log.</summary>
    public string? NameOf(SubscriptionBuilder declaration) =>
        SourceOf(declaration) is null ? null : declaration.Source is null ? options.Value.Transport.ToString() : "own";

    public LaneSourceContext ContextOf(Subscription subscription, SubscriptionOptions own, LaneTable lanes, Action wake) =>
        new(services, subscription.Name, wake)
        {
            PassedOver = subscription.PassedOver.ToHashSet(StringComparer.Ordinal),
            // One that starts at the end and is new wants nothing of the past; one that had come somewhere has lost what the broker held for it.
            Backfill = (cursor, cancellationToken) => lanes.BackfillAsync(
                cursor.Lane, own.StartAt is SubscriptionStart.End && cursor.Position == 0 ? null : MessagingOptions.RelayName, cancellationToken),
            Lost = (cursor, cancellationToken) => lanes.LostAsync(cursor.Lane, cancellationToken),
        };
}
