using Microsoft.Extensions.Options;
using Platform.Messaging.Transports;

namespace Platform.RabbitMq.Messaging;

/// <summary>The queues of a subscription that is given up.</summary>
internal sealed class SubscriptionQueues(RabbitMqConnections connections, IOptions<RabbitMqOptions> options)
{
    /// <summary>Deletes them with what they hold; those that are not there are passed over (AMQP 0-9-1, queue.delete as RabbitMQ answers it).</summary>
    /// <exception cref="TransportUnavailableException">The broker cannot be reached.</exception>
    public async Task RemoveAsync(string subscription, int lanes, CancellationToken cancellationToken)
    {
        try
        {
            await using var channel = await connections.Consuming.CreateChannelAsync(null, cancellationToken);
            for (short lane = 0; lane < lanes; lane++)
            {
                await channel.QueueDeleteAsync(EventTopology.Queue(options.Value.Prefix, subscription, lane), ifUnused: false, ifEmpty: false, cancellationToken: cancellationToken);
            }
        }
        catch (Exception exception) when (BrokerFailure.IsOutage(exception, cancellationToken))
        {
            throw BrokerFailure.Unavailable(exception);
        }
    }
}
