using Platform.Embedded.Folders;
using Platform.Embedded.Redis;
using StackExchange.Redis;

namespace Platform.Embedded.Tests.Redis;

public sealed class RedisServerTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Garnet_runs_scripts_hashes_and_sorted_sets()
    {
        await using var server = await RedisServer.StartAsync(new RedisServerOptions { Product = RedisProduct.Garnet }, Stop);
        await using var redis = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString);
        var database = redis.GetDatabase();
        await database.HashSetAsync("hash", "field", 2);
        await database.SortedSetAddAsync("set", "member", 3);
        var result = await database.ScriptEvaluateAsync("return redis.call('HGET', KEYS[1], 'field') + redis.call('ZCARD', KEYS[2])", ["hash", "set"]);
        Assert.Equal(3, (int)result);
    }

    [Fact]
    public async Task A_password_is_asked_for()
    {
        await using var server = await RedisServer.StartAsync(new RedisServerOptions { Password = "secret" }, Stop);
        await Assert.ThrowsAsync<RedisConnectionException>(() => ConnectionMultiplexer.ConnectAsync(server.EndPoint + ",connectRetry=0,connectTimeout=500"));
        await using var redis = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString);
        Assert.True(redis.IsConnected);
    }

    [Theory]
    [InlineData(RedisProduct.Garnet)]
    [InlineData(RedisProduct.Redis)]
    public async Task Data_in_a_folder_survives_a_restart(RedisProduct product)
    {
        Assert.SkipWhen(product == RedisProduct.Redis && RedisServer.FoundProduct != product, "redis-server is not on this machine.");
        using var folder = ThrowawayFolder.Create();
        var options = new RedisServerOptions { Folder = folder.Path, Product = product };
        await using (var first = await RedisServer.StartAsync(options, Stop))
        {
            await using var redis = await ConnectionMultiplexer.ConnectAsync(first.ConnectionString);
            await redis.GetDatabase().StringSetAsync("key", "value");
        }
        await using var second = await RedisServer.StartAsync(options, Stop);
        await using var again = await ConnectionMultiplexer.ConnectAsync(second.ConnectionString);
        Assert.Equal("value", (string?)await again.GetDatabase().StringGetAsync("key"));
    }

    [Fact]
    public async Task A_client_reconnects_to_a_server_that_was_stopped_and_started_on_the_same_port()
    {
        var first = await RedisServer.StartAsync(new RedisServerOptions(), Stop);
        await using var redis = await ConnectionMultiplexer.ConnectAsync(first.ConnectionString + ",asyncTimeout=500");
        await first.DisposeAsync();
        await Assert.ThrowsAnyAsync<RedisException>(() => redis.GetDatabase().PingAsync());
        await using var second = await RedisServer.StartAsync(new RedisServerOptions { Port = first.Port }, Stop);
        await Testing.Eventually.BecomesTrueAsync(async () => await redis.GetDatabase().PingAsync() > TimeSpan.Zero, TimeSpan.FromSeconds(30));
    }
}
