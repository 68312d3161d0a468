using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platform.EntityFrameworkCore.Messaging;
using Platform.Messaging.Tests.Support;
using Platform.Testing;

namespace Platform.Messaging.Tests.Lanes;

public sealed class LogOrderTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Order_is_that_of_the_writers_and_not_of_their_transaction_ids()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var host = await StartAsync(database);
        await using var early = await OpenAsync(database);
        await using var late = await OpenAsync(database);
        var writer = host.Services.GetRequiredService<OutboxWriter>();

        // The first has the lower transaction id, and writes its event after the second has committed.
        await using var first = await early.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await ExecuteAsync(early, "SELECT pg_current_xact_id()");
        await using (var second = await late.BeginTransactionAsync(TestContext.Current.CancellationToken))
        {
            await writer.EnqueueAsync(late, second, new Ticked("a", 1), cancellationToken: TestContext.Current.CancellationToken);
            await second.CommitAsync(TestContext.Current.CancellationToken);
        }

        await writer.EnqueueAsync(early, first, new Ticked("a", 2), cancellationToken: TestContext.Current.CancellationToken);
        await first.CommitAsync(TestContext.Current.CancellationToken);

        Assert.Equal([1, 2], (await host.EffectsAsync(2)).Select(effect => effect.Number));
    }

    [Fact]
    public async Task Event_of_a_transaction_that_commits_late_is_not_skipped()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var host = await StartAsync(database);
        await using var slow = await OpenAsync(database);
        await using var transaction = await slow.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await host.Services.GetRequiredService<OutboxWriter>().EnqueueAsync(
            slow, transaction, new Ticked("slow", 1), cancellationToken: TestContext.Current.CancellationToken);
        await host.PublishAsync(Enumerable.Range(0, 20).Select(clock => new Ticked($"clock {clock}", 1)));

        await transaction.CommitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(21, (await host.EffectsAsync(21)).Select(effect => effect.Aggregate).Distinct().Count());
    }

    [Fact]
    public async Task Nothing_is_lost_doubled_or_out_of_order_while_writers_race()
    {
        const int Writers = 6;
        const int Rounds = 150;
        const int Clocks = 5;
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var host = await StartAsync(database);
        await host.ExecuteAsync("CREATE TABLE clocks (name text PRIMARY KEY, number int NOT NULL)");
        await host.ExecuteAsync($"INSERT INTO clocks SELECT 'clock ' || n, 0 FROM generate_series(0, {Clocks - 1}) n");
        var writer = host.Services.GetRequiredService<OutboxWriter>();

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(async seed =>
        {
            var random = new Random(seed);
            await using var connection = await OpenAsync(database);
            for (var round = 0; round < Rounds; round++)
            {
                await using var transaction = await connection.BeginTransactionAsync();
                var clock = $"clock {random.Next(Clocks)}";
                // The row lock orders the writers of one clock; some wait before it, some after.
                if (random.Next(3) == 0)
                {
                    await ExecuteAsync(connection, "SELECT pg_current_xact_id(), pg_sleep(0.002)");
                }

                await using var tick = new NpgsqlCommand("UPDATE clocks SET number = number + 1 WHERE name = $1 RETURNING number", connection)
                {
                    Parameters = { new NpgsqlParameter<string> { TypedValue = clock } },
                };
                var number = (int)(await tick.ExecuteScalarAsync())!;
                await writer.EnqueueAsync(connection, transaction, new Ticked(clock, number));
                await (random.Next(10) == 0 ? transaction.RollbackAsync() : transaction.CommitAsync());
            }
        }));

        var expected = await host.ScalarAsync<long>("SELECT sum(number) FROM clocks");
        var effects = await host.EffectsAsync((int)expected, 60);
        Assert.Equal(expected, effects.Count);
        Assert.All(effects.GroupBy(effect => effect.Aggregate), clock =>
            Assert.Equal(Enumerable.Range(1, clock.Count()), clock.Select(effect => effect.Number)));
    }

    private static Task<ShopHost> StartAsync(TestDatabase database) => ShopHost.StartAsync(
        database.ConnectionString, services => services.AddSubscription("record", s => s.Handle<Ticked, RecordTick>()));

    private static async Task<NpgsqlConnection> OpenAsync(TestDatabase database)
    {
        var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
