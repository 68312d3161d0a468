using Platform.Embedded.Redis;
using Platform.Identifiers;
using Platform.Messaging.Transports;
using Platform.Testing;

namespace Platform.Messaging.Tests.Chaos;

/// <summary>The broker of a chaos run behind a proxy, and what processes are told of it.</summary>
internal sealed class ChaosBroker : IAsyncDisposable
{
    private readonly CuttableProxy? _proxy;
    private readonly RedisServer? _redis;

    private ChaosBroker(MessagingTransport transport, CuttableProxy? proxy, RedisServer? redis, params (string Name, string Value)[] settings)
    {
        (_proxy, _redis) = (proxy, redis);
        Environment = settings.Append(("Transport", $"{transport}")).ToDictionary(
            setting => $"Platform__Messaging__{setting.Item1}", setting => setting.Item2, StringComparer.Ordinal);
    }

    public IReadOnlyDictionary<string, string> Environment { get; }

    public static async Task<ChaosBroker> StartAsync(MessagingTransport transport, RabbitFixture rabbit)
    {
        switch (transport)
        {
            case MessagingTransport.RedisStreams:
                var redis = await RedisFixture.StartOwnAsync();
                var toRedis = new CuttableProxy(redis.Port);
                return new ChaosBroker(transport, toRedis, redis, ("RedisStreams__ConnectionString", toRedis.EndPoint));
            case MessagingTransport.RabbitMq:
                var node = await rabbit.GetServerAsync();
                var toNode = new CuttableProxy(node.Port);
                return new ChaosBroker(
                    transport,
                    toNode,
                    null,
                    ("RabbitMq__ConnectionString", node.ConnectionString(toNode.Port)),
                    ("RabbitMq__Prefix", $"chaos-{Uuid7.Next(TimeProvider.System):N}"));
            default:
                return new ChaosBroker(transport, null, null);
        }
    }

    /// <summary>Breaks off every connection.</summary>
    public void Cut() => _proxy?.Cut();

    public async ValueTask DisposeAsync()
    {
        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }

        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }
    }
}
