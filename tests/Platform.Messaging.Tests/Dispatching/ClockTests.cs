using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Platform.Messaging.Tests.Support;
using Platform.Testing;

namespace Platform.Messaging.Tests.Dispatching;

public sealed class ClockTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Clock_that_jumps_a_day_either_way_costs_no_event_no_order_and_no_time()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        var time = new JumpingTime();
        await using var host = await ShopHost.StartAsync(database.ConnectionString, services =>
        {
            services.Replace(ServiceDescriptor.Singleton<TimeProvider>(time));
            services.AddSubscription("scripted", s => s.Handle<Ticked, ScriptedTick>().Configure(FailureTests.Quick));
        });
        host.Script.Act = (ticked, _, call, _) => ticked.Number % 5 == 0 && call == 1 ? throw new InvalidOperationException("once") : Task.CompletedTask;

        for (var number = 0; number < 20; number++)
        {
            time.Offset = (number % 3) switch { 0 => TimeSpan.Zero, 1 => TimeSpan.FromDays(1), _ => TimeSpan.FromDays(-1) };
            await host.PublishAsync(new Ticked("a", number), new Ticked("b", number));
        }

        var effects = await host.EffectsAsync(40);
        Assert.All(effects.GroupBy(effect => effect.Aggregate), clock => Assert.Equal(Enumerable.Range(0, 20), clock.Select(effect => effect.Number)));
    }

    [Fact]
    public async Task Delayed_event_comes_at_its_time_by_the_databases_clock_whatever_the_processes_believe()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        var ahead = new JumpingTime { Offset = TimeSpan.FromDays(1) };
        await using var host = await ShopHost.StartAsync(database.ConnectionString, services =>
        {
            services.Replace(ServiceDescriptor.Singleton<TimeProvider>(ahead));
            services.AddSubscription("record", s => s.Handle<Ticked, RecordTick>());
        });
        var due = new DateTimeOffset(await host.ScalarAsync<DateTime>("SELECT clock_timestamp()")).AddSeconds(2);

        await host.WithScopeAsync(async (shop, outbox) =>
        {
            outbox.Enqueue(new Ticked("a", 1), due);
            await shop.SaveChangesAsync();
        });
        ahead.Offset = TimeSpan.FromDays(-1);

        await host.EffectsAsync(1);
        Assert.True(await host.ScalarAsync<bool>(
            "SELECT max(handled_at) >= (SELECT max(available_at) FROM platform.core_outbox_event) FROM platform.core_inbox_event"));
    }
}
