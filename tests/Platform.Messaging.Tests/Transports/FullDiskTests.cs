using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Platform.Embedded.Postgres;
using Platform.Embedded.Redis;
using Platform.Messaging.Tests.Dispatching;
using Platform.Messaging.Tests.Support;
using Platform.Testing;

namespace Platform.Messaging.Tests.Transports;

public sealed class FullDiskTests(PostgresFixture postgres, RedisFixture redis)
{
    private const string Unmatched = """
        SELECT count(*) FROM platform.core_outbox_event o FULL JOIN effects e ON e."EventId" = o.id WHERE o.id IS NULL OR e."EventId" IS NULL
        """;

    private const string OutOfOrder = """
        SELECT count(*) FROM (SELECT o.position, lag(o.position) OVER (PARTITION BY e."Aggregate" ORDER BY e."Id") AS before
            FROM effects e JOIN platform.core_outbox_event o ON o.id = e."EventId") x WHERE before > position
        """;

    [Fact]
    public async Task Database_whose_disk_is_full_loses_no_event_that_was_committed_and_keeps_none_that_was_not()
    {
        await using var disk = await LimitedDisk.MountAsync(96);
        var server = await StartAsync(disk, null);
        var connectionString = server.ConnectionStringFor("postgres");
        await using (var context = new ShopContext(new DbContextOptionsBuilder<ShopContext>().UseNpgsql(connectionString).Options))
        {
            await context.Database.EnsureCreatedAsync();
        }

        await using var sender = await ShopHost.StartAsync(connectionString);
        await using var host = await StartHostAsync(connectionString, (await redis.GetServerAsync()).ConnectionString, new LogWatch());
        disk.Fill(leave: 1024 * 1024);
        var (committed, refused) = (0, 0);
        for (var number = 0; refused < 20 && !server.Exited.IsCompleted; number++)
        {
            try
            {
                await SaveAsync(sender, number);
                committed++;
            }
            catch (Exception exception) when (exception is DbUpdateException or NpgsqlException or InvalidOperationException)
            {
                refused++;
            }
        }

        disk.Free();
        if (server.Exited.IsCompleted)
        {
            // The log of the server itself had no room, and it ended.
            var port = server.Port;
            await server.DisposeAsync();
            server = await StartAsync(disk, port);
        }

        await using var _ = server;
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                await SaveAsync(sender, int.MaxValue);
                return true;
            },
            TimeSpan.FromSeconds(30));
        await Eventually.BecomesTrueAsync(async () => await host.ScalarAsync<long>(Unmatched) == 0, TimeSpan.FromSeconds(60));
        Assert.True(refused > 0 && committed > 0);
        Assert.InRange(await host.ScalarAsync<long>("SELECT count(*) FROM effects"), 50 * committed, 50 * (committed + refused + 1));
        Assert.Equal(0L, await host.ScalarAsync<long>(OutOfOrder));
        Assert.Equal(0L, await host.ScalarAsync<long>("SELECT count(*) FROM platform.core_dead_letter"));
    }

    [Fact]
    public async Task Broker_whose_disk_is_full_takes_nothing_and_nothing_is_marked_as_published()
    {
        await using var disk = await LimitedDisk.MountAsync(16);
        await using var broker = await RedisServer.StartAsync(
            new RedisServerOptions { Folder = Path.Combine(disk.Path, "redis") }, TestContext.Current.CancellationToken);
        await using var database = await ShopDatabase.CreateAsync(postgres);
        var log = new LogWatch();
        await using var host = await StartHostAsync(database.ConnectionString, broker.ConnectionString, log);
        await host.PublishAsync(Enumerable.Range(0, 10).Select(clock => new Ticked($"clock {clock}", 0)));
        await host.EffectsAsync(10, 30);

        disk.Fill();
        for (var number = 1; !log.Has("MISCONF"); number++)
        {
            await host.PublishAsync(Enumerable.Range(0, 10).Select(clock => new Ticked($"clock {clock}", number)));
        }

        // From here on the server refuses whatever would change it.
        var last = await host.ScalarAsync<long>("SELECT max(position) FROM platform.core_outbox_event");
        await host.PublishAsync(Enumerable.Range(0, 10).Select(clock => new Ticked($"clock {clock}", int.MaxValue)));
        await Eventually.BecomesTrueAsync(() => log.Has("relay cannot work at present"), TimeSpan.FromSeconds(20));
        Assert.Equal(0L, await host.ScalarAsync<long>($"""
            SELECT count(*) FROM platform.core_outbox_event o JOIN platform.core_subscription_lane s
            ON s.subscription = 'relay' AND s.lane = o.lane AND s.position >= o.position WHERE o.position > {last}
            """));

        disk.Free();
        await Eventually.BecomesTrueAsync(async () => await host.ScalarAsync<long>(Unmatched) == 0, TimeSpan.FromSeconds(40));
        Assert.Equal(0L, await host.ScalarAsync<long>(OutOfOrder));
        Assert.Equal(0L, await host.ScalarAsync<long>("SELECT count(*) FROM platform.core_dead_letter"));
    }

    private static Task<PostgresServer> StartAsync(LimitedDisk disk, int? port) => PostgresServer.StartAsync(
        new PostgresServerOptions
        {
            Folder = Path.Combine(disk.Path, "postgres"),
            Port = port,
            Password = "full",
            Settings = new Dictionary<string, string> { ["min_wal_size"] = "32MB", ["max_wal_size"] = "32MB" },
        },
        TestContext.Current.CancellationToken);

    private static Task<ShopHost> StartHostAsync(string connectionString, string redis, LogWatch log) => ShopHost.StartAsync(
        connectionString,
        services => services.AddSubscription("record", s => s.Handle<Ticked, RecordTick>().Configure(FailureTests.Quick)),
        host: builder =>
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Platform:Messaging:Transport"] = "RedisStreams",
                ["Platform:Messaging:RedisStreams:ConnectionString"] = redis,
                ["Platform:Messaging:RedisStreams:Prefix"] = $"full disk {connectionString.GetHashCode(StringComparison.Ordinal)}",
            });
            builder.Logging.AddProvider(log);
            builder.AddRedisStreams();
        });

    private static Task SaveAsync(ShopHost sender, int number) => sender.WithScopeAsync(async (shop, outbox) =>
    {
        for (var clock = 0; clock < 50; clock++)
        {
            outbox.Enqueue(new Ticked($"clock {clock} {new string('x', 150)}", number));
        }

        await shop.SaveChangesAsync();
    });
}
