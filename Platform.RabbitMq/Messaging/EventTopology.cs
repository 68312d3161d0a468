using System.Globalization;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Platform.RabbitMq.Messaging;

/// <summary>Names and properties of exchange and queues.</summary>
internal static class EventTopology
{
    /// <summary>
    /// How many messages a queue hands out before some are acknowledged. The same for everybody and for ever: a queue takes back what a dead consumer held in
    /// order, and hands it out again before anything else, but only if the next one takes all of it.
    /// </summary>
    public const ushort Prefetch = 128;

    private static readonly Dictionary<string, object?> QueueArguments = new()
    {
        ["x-queue-type"] = "quorum",
        ["x-single-active-consumer"] = true,
        // What is handed out again and again is no fault of the message: consumers are killed, and the dispatcher counts attempts by itself. Without this
        // RabbitMQ 4 drops a message after 20 times.
        ["x-delivery-limit"] = 1_000_000,
    };

    public static string Exchange(string prefix) => $"{prefix}.events";

    public static string Queue(string prefix, string subscription, short lane) => string.Create(CultureInfo.InvariantCulture, $"{prefix}.{subscription}.{lane}");

    public static string RoutingKey(short lane) => lane.ToString(CultureInfo.InvariantCulture);

    public static Task DeclareExchangeAsync(IChannel channel, string prefix, CancellationToken cancellationToken) => channel.ExchangeDeclareAsync(
        Exchange(prefix), ExchangeType.Direct, durable: true, autoDelete: false, cancellationToken: cancellationToken);

    /// <summary>Makes sure that the queue of a lane is there and is filled.</summary>
    public static async Task DeclareAsync(
        RabbitMqConnection connection, string prefix, string subscription, short lane, CancellationToken cancellationToken)
    {
        var queue = Queue(prefix, subscription, lane);
        await using var channel = await connection.CreateChannelAsync(null, cancellationToken);
        await DeclareExchangeAsync(channel, prefix, cancellationToken);
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, QueueArguments, cancellationToken: cancellationToken);

        // Also where the queue is there: whoever made it may have died before this.
        await channel.QueueBindAsync(queue, Exchange(prefix), RoutingKey(lane), cancellationToken: cancellationToken);
    }

    /// <summary>Tells whether the queue of a lane is there.</summary>
    public static async Task<bool> ExistsAsync(
        RabbitMqConnection connection, string prefix, string subscription, short lane, CancellationToken cancellationToken)
    {
        const ushort notFound = 404;
        await using var channel = await connection.CreateChannelAsync(null, cancellationToken);
        try
        {
            await channel.QueueDeclarePassiveAsync(Queue(prefix, subscription, lane), cancellationToken);
            return true;
        }
        catch (OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == notFound)
        {
            return false;
        }
    }
}
