using System.Collections.Concurrent;
using Platform.Messaging.Tests.Support;
using Platform.Resilience;
using Platform.Testing;

namespace Platform.Messaging.Tests.Dispatching;

public sealed class OutsideWorldTests(PostgresFixture postgres)
{
    [Fact]
    public async Task No_transaction_is_open_while_the_handler_calls_out()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var host = await StartAsync<OutsideTick>(database);
        var open = new ConcurrentBag<long>();
        var left = new ConcurrentBag<TimeSpan?>();
        host.Script.Act = async (_, _, _, _) =>
        {
            left.Add(Deadline.Left);
            open.Add(await host.ScalarAsync<long>(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_xid IS NOT NULL"));
        };

        await host.PublishAsync(Enumerable.Range(0, 5).Select(number => new Ticked("a", number)));

        Assert.Equal(Enumerable.Range(0, 5), (await host.EffectsAsync(5)).Select(effect => effect.Number));
        Assert.All(open, transactions => Assert.Equal(0, transactions));

        // Whom it calls is told by when the handler has to be done.
        Assert.All(left, time => Assert.InRange(time ?? TimeSpan.Zero, TimeSpan.FromTicks(1), new SubscriptionOptions().HandlerTimeout));
        Assert.Equal(5L, await host.ScalarAsync<long>("SELECT count(*) FROM platform.core_inbox_event"));
    }

    [Fact]
    public async Task Lanes_are_worked_on_in_parallel()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var host = await StartAsync<OutsideTick>(database);
        var inside = 0;
        var together = new TaskCompletionSource();
        host.Script.Act = async (_, _, _, cancellationToken) =>
        {
            if (Interlocked.Increment(ref inside) == 4)
            {
                together.SetResult();
            }

            await together.Task.WaitAsync(cancellationToken);
        };

        await host.PublishAsync(Enumerable.Range(0, 40).Select(clock => new Ticked($"clock {clock}", 0)));

        await host.EffectsAsync(40);
    }

    [Fact]
    public async Task Handler_that_saves_by_itself_is_told_not_to()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var host = await ShopHost.StartAsync(database.ConnectionString, services => services
            .AddSubscription("saves", s => s.Handle<Ticked, SavesByItself>().Configure(o => o.MaxAttempts = 1)));

        await host.PublishAsync(new Ticked("a", 1));

        await Eventually.BecomesTrueAsync(async () => await host.ScalarAsync<long>("SELECT count(*) FROM platform.core_dead_letter WHERE error LIKE '%[OutsideWorld]%'") == 1);
        Assert.Empty(await host.EffectsAsync());
    }

    [Fact]
    public async Task Handler_that_opts_out_gets_a_transaction_for_each_event()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var host = await StartAsync<LonelyTick>(database);

        await host.PublishAsync(Enumerable.Range(0, 20).Select(clock => new Ticked($"clock {clock}", 0)));

        await host.EffectsAsync(20);
        Assert.Equal(20L, await host.ScalarAsync<long>("SELECT count(DISTINCT xmin::text) FROM effects"));
    }

    private static Task<ShopHost> StartAsync<THandler>(TestDatabase database)
        where THandler : class, IEventHandler<Ticked> =>
        ShopHost.StartAsync(database.ConnectionString, services => services
            .AddSubscription("outside", s => s.Handle<Ticked, THandler>().Configure(FailureTests.Quick)));

    [OutsideWorld]
    private sealed class SavesByItself(ShopContext shop) : IEventHandler<Ticked>
    {
        public async Task HandleAsync(Ticked @event, EventContext context, CancellationToken cancellationToken)
        {
            shop.Effects.Add(new Effect { Consumer = "saves", Aggregate = @event.Aggregate, Number = @event.Number, EventId = context.EventId });
            await shop.SaveChangesAsync(cancellationToken);
        }
    }
}
