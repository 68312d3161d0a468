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
        (Transport, _proxy, _redis) = (transport, proxy, redis);
        Environment = settings.Append(("Transport", $"{transport}")).ToDictionary(
            setting => $"Platform__Messaging__{setting.Item1}", setting => setting.Item2, StringComparer.Ordinal);
    }

    public IReadOnlyDictionary<string, string> Environment { get; }

    public static ChaosBroker None { get; } = new(MessagingTransport.PostgreSql, null, null);

    public MessagingTransport Transport { get; }

    public static async Task<ChaosBroker> StartRedisAsync()
    {
        var redis = await RedisFixture.StartOwnAsync();
        var proxy = new CuttableProxy(redis.Port);
        return new ChaosBroker(MessagingTransport.RedisStreams, proxy, redis, ("RedisStreams__ConnectionString", proxy.EndPoint));
    }

    public static async Task<ChaosBroker> StartRabbitAsync(RabbitFixture rabbit)
    {
        var node = await rabbit.GetServerAsync();
        var proxy = new CuttableProxy(node.Port);
        return new ChaosBroker(
            MessagingTransport.RabbitMq,
            proxy,
            null,
            ("RabbitMq__ConnectionString", node.ConnectionString(proxy.Port)),
            ("RabbitMq__Prefix", $"chaos-{Uuid7.Next(TimeProvider.System):N}"));
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
