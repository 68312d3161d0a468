using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platform.EntityFrameworkCore.Messaging;
using Platform.Messaging.Feed;
using Platform.Messaging.Tests.Support;
using Platform.Testing;

namespace Platform.Messaging.Tests.Feed;

public sealed class EventFeedTests(PostgresFixture postgres)
{
    private static readonly string[] Ticks = ["tests.ticked.v1"];

    [Fact]
    public async Task Every_process_hears_every_event_once_and_in_the_same_order_while_writers_race_and_connections_are_cut()
    {
        const int Writers = 4;
        const int Rounds = 60;
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var one = await StartAsync(database);
        await using var other = await StartAsync(database);
        var (heardByOne, heardByOther) = (await ListenAsync(one), await ListenAsync(other));

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => WriteAsync(writer)));

        await Eventually.BecomesTrueAsync(() => Task.FromResult(heardByOne.Count >= Writers * Rounds && heardByOther.Count >= Writers * Rounds), TimeSpan.FromSeconds(20));
        var positions = heardByOne.Select(heard => heard.Envelope.Position).ToArray();
        Assert.Equal(Writers * Rounds, positions.Length);
        Assert.Equal(positions.Distinct().Order(), positions);
        Assert.Equal(positions, heardByOther.Select(heard => heard.Envelope.Position));

        async Task WriteAsync(int writer)
        {
            await using var connection = new NpgsqlConnection(database.ConnectionString);
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            var outbox = one.Services.GetRequiredService<OutboxWriter>();
            for (var round = 0; round < Rounds; round++)
            {
                await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
                await outbox.EnqueueAsync(
                    connection, transaction, new Ticked($"clock {writer}", round), cancellationToken: TestContext.Current.CancellationToken);
                if (writer == 0 && round % 20 == 10)
                {
                    await one.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'platform event feed' AND datname = current_database()");
                }

                await transaction.CommitAsync(TestContext.Current.CancellationToken);
            }
        }
    }

    [Fact]
    public async Task Event_of_a_transaction_that_commits_late_is_told_and_in_its_place()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var host = await StartAsync(database);
        var heard = await ListenAsync(host);
        await using var slow = new NpgsqlConnection(database.ConnectionString);
        await slow.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await slow.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await host.Services.GetRequiredService<OutboxWriter>().EnqueueAsync(
            slow, transaction, new Ticked("slow", 1), cancellationToken: TestContext.Current.CancellationToken);
        await host.PublishAsync(Enumerable.Range(0, 5).Select(clock => new Ticked($"clock {clock}", 1)));

        await transaction.CommitAsync(TestContext.Current.CancellationToken);

        await Eventually.BecomesTrueAsync(() => Task.FromResult(heard.Count == 6));
        Assert.Equal("slow", ((Ticked)heard.First().Body).Aggregate);
    }

    [Fact]
    public async Task Listener_hears_nothing_of_what_was_committed_before_it_came()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var host = await StartAsync(database);
        await host.PublishAsync(new Ticked("before", 1));

        var heard = await ListenAsync(host);
        await host.PublishAsync(new Ticked("after", 1));

        await Eventually.BecomesTrueAsync(() => Task.FromResult(!heard.IsEmpty));
        Assert.Equal("after", ((Ticked)Assert.Single(heard).Body).Aggregate);
    }

    [Fact]
    public async Task What_came_behind_an_event_is_read_again_in_any_process()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var host = await StartAsync(database);
        await using var other = await StartAsync(database);
        var heard = await ListenAsync(host);
        _ = await ListenAsync(other);
        await host.PublishAsync(Enumerable.Range(0, 10).Select(clock => new Ticked($"clock {clock}", 1)));
        await Eventually.BecomesTrueAsync(() => Task.FromResult(heard.Count == 10));
        var feed = other.Services.GetRequiredService<IEventFeed>();
        var third = heard.ElementAt(2).Envelope.Position;
        await Eventually.BecomesTrueAsync(async () => (await ReadAsync(third, 100))?.Events.Count == 7);

        Assert.Equal(
            heard.Skip(3).Select(e => e.Envelope.Id), (await ReadAsync(third, 100))!.Events.Select(e => e.Envelope.Id));
        Assert.Empty((await feed.ReadAfterAsync(third, ["tests.tocked.v1"], 100, TestContext.Current.CancellationToken))!.Events);
        Assert.Null(await ReadAsync(third, 6));
        Assert.Null(await ReadAsync(1_000_000, 100));

        Task<FeedHistory?> ReadAsync(long position, int limit) => feed.ReadAfterAsync(position, Ticks, limit, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Who_joins_and_reads_what_came_before_misses_nothing_though_the_process_itself_is_behind()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var host = await StartAsync(database);

        // Without listeners it looks once a minute.
        await using var behind = await ShopHost.StartAsync(
            database.ConnectionString,
            services => services.AddEventFeed(),
            host: builder => builder.Configuration.AddInMemoryCollection([new("Platform:Messaging:PollInterval", "00:01:00")]));
        var feed = behind.Services.GetRequiredService<IEventFeed>();
        var all = await ListenAsync(host);
        for (var round = 1; round <= 20; round++)
        {
            await host.PublishAsync(Enumerable.Range(0, 4).Select(clock => new Ticked($"clock {clock}", round)));
            await Eventually.BecomesTrueAsync(() => Task.FromResult(all.Count == 4 * round));
            var positions = all.TakeLast(4).Select(found => found.Envelope.Position).ToArray();

            var heard = new ConcurrentQueue<FeedEvent>();
            using var listening = await feed.ListenAsync(heard.Enqueue, TestContext.Current.CancellationToken);
            var history = (await feed.ReadAfterAsync(positions[0], Ticks, 100, TestContext.Current.CancellationToken))!;

            await Eventually.BecomesTrueAsync(() => Task.FromResult(positions[1..].SequenceEqual(
                history.Events.Concat(heard.Where(found => found.Envelope.Position > history.UpTo)).Select(found => found.Envelope.Position))));
        }
    }

    private static Task<ShopHost> StartAsync(TestDatabase database) =>
        ShopHost.StartAsync(database.ConnectionString, services => services.AddEventFeed());

    private static async Task<ConcurrentQueue<FeedEvent>> ListenAsync(ShopHost host)
    {
        var heard = new ConcurrentQueue<FeedEvent>();
        await host.Services.GetRequiredService<IEventFeed>().ListenAsync(heard.Enqueue, TestContext.Current.CancellationToken);
        return heard;
    }
}
