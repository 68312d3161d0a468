using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Platform.Messaging;
using Platform.Messaging.Transports;

namespace Platform.RabbitMq.Messaging;

/// <summary>Publishes events to the exchange, which gives each subscription's queue of the lane a copy. Its channels end with the connection.</summary>
internal sealed class RabbitMqTransport(
    RabbitMqConnections connections, IOptions<RabbitMqOptions> options, IOptions<MessagingOptions> messaging) : IEventTransport
{
    private readonly ConcurrentBag<ConfirmedChannel> _channels = [];

    public async Task PublishAsync(IReadOnlyList<EventEnvelope> events, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(events);
        if (connections.Publishing.BlockedReason is { } reason)
        {
            throw ConfirmedChannel.Blocked(reason);
        }

        var channel = await RentAsync(cancellationToken);
        try
        {
            await PublishAsync(channel, events, cancellationToken);
        }
        catch (Exception exception) when (BrokerFailure.IsOutage(exception, cancellationToken))
        {
            throw BrokerFailure.Unavailable(exception);
        }
        finally
        {
            await ReturnAsync(channel);
        }
    }

    /// <summary>
    /// An event is sent only when the one before it of its aggregate is confirmed: a broker that takes some and refuses others must not turn them around.
    /// </summary>
    private static async Task PublishAsync(ConfirmedChannel channel, IReadOnlyList<EventEnvelope> events, CancellationToken cancellationToken)
    {
        var open = new HashSet<(string Type, string Id)>();
        foreach (var envelope in events)
        {
            if (!open.Add((envelope.AggregateType, envelope.AggregateId)))
            {
                await channel.ConfirmAsync(cancellationToken);
                open = [(envelope.AggregateType, envelope.AggregateId)];
            }

            await channel.SendAsync(envelope, cancellationToken);
        }

        await channel.ConfirmAsync(cancellationToken);
    }

    private async Task<ConfirmedChannel> RentAsync(CancellationToken cancellationToken)
    {
        while (_channels.TryTake(out var channel))
        {
            if (channel.IsSound)
            {
                return channel;
            }

            await channel.DisposeAsync();
        }

        try
        {
            return await ConfirmedChannel.OpenAsync(connections.Publishing, options.Value.Prefix, messaging.Value.Source, cancellationToken);
        }
        catch (Exception exception) when (BrokerFailure.IsOutage(exception, cancellationToken))
        {
            throw BrokerFailure.Unavailable(exception);
        }
    }

    // One that may still have messages under way is of no use to the next caller, who waits only for its own.
    private async Task ReturnAsync(ConfirmedChannel channel)
    {
        if (channel.IsSound && channel.IsIdle)
        {
            _channels.Add(channel);
        }
        else if (connections.Publishing.BlockedReason is null)
        {
            await channel.DisposeAsync();
        }
        else
        {
            // The broker does not read: closing would wait in vain. It goes with the connection, or with the next look.
            _channels.Add(channel);
        }
    }
}
