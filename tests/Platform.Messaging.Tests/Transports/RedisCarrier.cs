using Platform.EntityFrameworkCore.Messaging;
using Platform.Messaging.Transports;
using Platform.Testing;
using StackExchange.Redis;

namespace Platform.Messaging.Tests.Transports;

internal sealed class RedisCarrier : Carrier
{
    private readonly CuttableProxy _proxy;
    private readonly ConnectionMultiplexer _redis;
    private readonly string _prefix;

    private RedisCarrier(TestDatabase database, CuttableProxy proxy, ConnectionMultiplexer redis)
        : base(database)
    {
        (_proxy, _redis, _prefix) = (proxy, redis, database.Name);
        Settings = new Dictionary<string, string?>
        {
            ["Platform:Messaging:RedisStreams:ConnectionString"] = proxy.EndPoint,
            ["Platform:Messaging:RedisStreams:Prefix"] = _prefix,
            ["Platform:Messaging:RedisStreams:TrimInterval"] = "00:00:00.050",
        };
    }

    public override MessagingTransport Transport => MessagingTransport.RedisStreams;

    public override IReadOnlyDictionary<string, string?> Settings { get; }

    public IDatabase Redis => _redis.GetDatabase();

    public static async Task<RedisCarrier> StartAsync(RedisFixture redis, TestDatabase database)
    {
        var server = await redis.GetServerAsync();
        return new RedisCarrier(database, new CuttableProxy(server.Port), await ConnectionMultiplexer.ConnectAsync(server.ConnectionString));
    }

    public RedisKey Stream(int lane) => $"{_prefix}:{{{lane}}}";

    public override Task AwayAsync() => _proxy.StopAsync();

    public override Task BackAsync()
    {
        _proxy.Resume();
        return Task.CompletedTask;
    }

    public override Task CutAsync()
    {
        _proxy.Cut();
        return Task.CompletedTask;
    }

    public override async Task LoseEverythingAsync()
    {
        await foreach (var key in _redis.GetServers()[0].KeysAsync(pattern: $"{_prefix}:*"))
        {
            await Redis.KeyDeleteAsync(key);
        }
    }

    public override async Task<long> HeldAsync()
    {
        var lengths = Enumerable.Range(0, MessagingModel.DefaultLaneCount).Select(lane => Redis.StreamLengthAsync(Stream(lane)));
        return (await Task.WhenAll(lengths)).Sum();
    }

    public override Task PutGarbageAsync(short lane) =>
        Redis.ExecuteAsync("XADD", Stream(lane), "1-0", "specversion", "1.0", "id", "not a uuid", "data", "\0\x01 not json");

    public override async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _redis.DisposeAsync();
        await Database.DisposeAsync();
    }
}
