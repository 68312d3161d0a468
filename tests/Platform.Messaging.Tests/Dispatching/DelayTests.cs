using Platform.Messaging.Tests.Support;
using Platform.Testing;

namespace Platform.Messaging.Tests.Dispatching;

public sealed class DelayTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Delayed_event_comes_at_its_time_and_holds_nothing_up()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var host = await ShopHost.StartAsync(database.ConnectionString, services => services
            .AddSubscription("record", s => s.Handle<Ticked, RecordTick>()));
        var due = TimeProvider.System.GetUtcNow().AddSeconds(2);

        await host.WithScopeAsync(async (shop, outbox) =>
        {
            outbox.Enqueue(new Ticked("a", 1), due);
            outbox.Enqueue(new Ticked("a", 2));
            await shop.SaveChangesAsync();
        });

        Assert.Equal(2, Assert.Single(await host.EffectsAsync(1)).Number);
        Assert.True(TimeProvider.System.GetUtcNow() < due);
        await host.EffectsAsync(2);
        Assert.True(await host.ScalarAsync<bool>(
            "SELECT max(handled_at) >= (SELECT max(available_at) FROM platform.core_outbox_event) FROM platform.core_inbox_event"));
    }

    [Fact]
    public async Task Delayed_event_whose_aggregate_is_held_up_goes_behind_what_holds_it_up()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var host = await ShopHost.StartAsync(database.ConnectionString, services => services
            .AddSubscription("scripted", s => s.Handle<Ticked, ScriptedTick>().Configure(o =>
            {
                FailureTests.Quick(o);
                o.MaxAttempts = 100;
            })));
        var heal = false;
        host.Script.Act = (ticked, _, _, _) => ticked.Number == 1 && !Volatile.Read(ref heal) ? throw new InvalidOperationException("not yet") : Task.CompletedTask;

        await host.WithScopeAsync(async (shop, outbox) =>
        {
            outbox.Enqueue(new Ticked("a", 1));
            outbox.Enqueue(new Ticked("a", 2), TimeProvider.System.GetUtcNow().AddMilliseconds(300));
            await shop.SaveChangesAsync();
        });

        await Eventually.BecomesTrueAsync(async () => await host.ScalarAsync<long>(
            "SELECT count(*) FROM platform.core_inbox_deferred WHERE blocking AND next_attempt_at IS NULL") == 1);
        Volatile.Write(ref heal, true);
        Assert.Equal([1, 2], (await host.EffectsAsync(2)).Select(effect => effect.Number));
    }
}
