using Microsoft.Extensions.Options;
using Platform.Messaging;
using Platform.Messaging.Transports;
using StackExchange.Redis;

namespace Platform.ServiceDefaults.Messaging;

/// <summary>Publishes events to the streams of their lanes: those of one lane in one piece or not at all.</summary>
internal sealed class RedisStreamTransport(
    RedisStreamConnection connection, IOptions<RedisStreamsOptions> options, IOptions<MessagingOptions> messaging) : IEventTransport
{
    /// <summary>The field of an entry that holds the data; the others are CloudEvents attributes.</summary>
    public const string DataField = "data";

    public async Task PublishAsync(IReadOnlyList<EventEnvelope> events, CancellationToken cancellationToken)
    {
        var database = (await connection.OpenAsync(cancellationToken)).GetDatabase();
        await Task.WhenAll(events.GroupBy(e => e.Lane).Select(lane => PublishAsync(database, lane.Key, lane, cancellationToken)));
    }

    private async Task PublishAsync(IDatabase database, short lane, IEnumerable<EventEnvelope> events, CancellationToken cancellationToken)
    {
        List<RedisValue> arguments = [options.Value.MaxLength, (string)connection.WakeChannel!, lane];
        foreach (var envelope in events)
        {
            var count = arguments.Count;
            arguments.Add(0);
            foreach (var (name, value) in CloudEvent.Attributes(envelope, messaging.Value.Source))
            {
                arguments.Add(name);
                arguments.Add(value);
            }

            arguments.Add(DataField);
            arguments.Add(envelope.Payload);
            arguments[count] = arguments.Count - count - 1;
        }

        var published = await RedisStreamConnection.RunAsync(
            database, StreamScripts.Publish, [connection.Stream(lane)], [.. arguments], cancellationToken);
        if ((long)published == 0)
        {
            throw new TransportUnavailableException(
                $"The stream of lane {lane} holds {options.Value.MaxLength} events that some consumer group has not acknowledged.");
        }
    }
}
