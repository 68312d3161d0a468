using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Platform.ServiceDefaults.Tests.Support;
using Platform.Testing;
using StackExchange.Redis;

namespace Platform.ServiceDefaults.Tests.AspireClients;

public sealed class RedisClientTests(RedisFixture redis)
{
    [Fact]
    public async Task Connection_works_with_key_and_without()
    {
        var server = await redis.GetServerAsync();
        await using var app = await TestApp.StartAsync(
            builder =>
            {
                builder.AddRedisClient("redis");
                builder.AddKeyedRedisClient("other");
            },
            settings: [("ConnectionStrings:redis", server.ConnectionString), ("ConnectionStrings:other", server.ConnectionString)]);
        var connection = app.Services.GetRequiredService<IConnectionMultiplexer>();
        var other = app.Services.GetRequiredKeyedService<IConnectionMultiplexer>("other");
        await connection.GetDatabase().StringSetAsync("defaults:greeting", "hello");

        Assert.Equal("hello", await other.GetDatabase().StringGetAsync("defaults:greeting"));
        Assert.NotSame(connection, other);
        Assert.Equal("ok", await VerboseStatusAsync(app));
    }

    [Fact]
    public async Task Neither_start_nor_probes_wait_for_a_redis_that_hangs()
    {
        // It accepts, and never says a word.
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var started = Stopwatch.GetTimestamp();
        await using var app = await TestApp.StartAsync(
            builder => builder.AddRedisClient("redis"),
            settings:
            [
                ("ConnectionStrings:redis", listener.LocalEndpoint.ToString()),
                ("Aspire:StackExchange:Redis:ConfigurationOptions:ConnectTimeout", "12000"),
            ]);
        using var ready = await app.Client.GetAsync("/readyz", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.Equal("degraded", await VerboseStatusAsync(app));
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(8));
    }

    [Fact]
    public async Task Who_asks_a_redis_that_is_away_is_told_so_at_once()
    {
        await using var app = await TestApp.StartAsync(builder => builder.AddRedisClient("redis"), settings: ("ConnectionStrings:redis", "127.0.0.1:9"));
        var database = app.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase();
        var asked = Stopwatch.GetTimestamp();
        await Assert.ThrowsAnyAsync<RedisException>(() => database.PingAsync());
        Assert.InRange(Stopwatch.GetElapsedTime(asked), TimeSpan.Zero, TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task Host_without_a_connection_string_is_degraded()
    {
        await using var app = await TestApp.StartAsync(builder => builder.AddRedisClient("redis"));
        using var ready = await app.Client.GetAsync("/readyz", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.Equal("degraded", await VerboseStatusAsync(app));
    }

    [Fact]
    public async Task Host_gets_on_without_redis_and_finds_it_again()
    {
        var server = await RedisFixture.StartOwnAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var app = await TestApp.StartAsync(
            builder => builder.AddRedisClient("redis"),
            settings: [("ConnectionStrings:redis", server.ConnectionString), ("Platform:Health:CacheFor", "00:00:00")]);
        await Until.TrueAsync(async () => await VerboseStatusAsync(app) is "ok", "the connection");

        await server.StopAsync();
        await Until.TrueAsync(async () => await VerboseStatusAsync(app) is "degraded", "the loss to be seen");
        using (var ready = await app.Client.GetAsync("/readyz", TestContext.Current.CancellationToken))
        {
            Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        }

        await using var again = await RedisFixture.StartOwnAsync(server.Port, TestContext.Current.CancellationToken);
        await Until.TrueAsync(async () => await VerboseStatusAsync(app) is "ok", "the connection to come back");
    }

    [Fact]
    public async Task Options_are_read_where_aspire_reads_them()
    {
        var server = await redis.GetServerAsync();
        await using var app = await TestApp.StartAsync(
            builder => builder.AddRedisClient("redis", configureOptions: options => options.DefaultDatabase = 3),
            settings: [("Aspire:StackExchange:Redis:ConnectionString", server.ConnectionString), ("Aspire:StackExchange:Redis:ConfigurationOptions:ClientName", "shop")]);
        var connection = app.Services.GetRequiredService<IConnectionMultiplexer>();

        Assert.Equal("shop", connection.ClientName);
        Assert.Equal(3, connection.GetDatabase().Database);
    }

    private static async Task<string?> VerboseStatusAsync(TestApp app) =>
        JsonDocument.Parse(await app.Client.GetStringAsync("/readyz?verbose", TestContext.Current.CancellationToken)).RootElement.GetProperty("status").GetString();
}
