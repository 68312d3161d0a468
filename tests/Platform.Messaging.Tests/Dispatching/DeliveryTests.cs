using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.Messaging.Tests.Support;
using Platform.Testing;

namespace Platform.Messaging.Tests.Dispatching;

public sealed class DeliveryTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Event_reaches_each_subscription_once_and_in_order()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var host = await ShopHost.StartAsync(database.ConnectionString, services => services
            .AddSubscription("record", s => s.Handle<Ticked, RecordTick>()));

        await host.PublishAsync(from number in Enumerable.Range(0, 40) from clock in Enumerable.Range(0, 10) select new Ticked($"clock {clock}", number));

        await Eventually.BecomesTrueAsync(async () => (await host.EffectsAsync()).Count >= 400);
        var effects = await host.EffectsAsync();
        Assert.Equal(400, effects.Count);
        Assert.All(effects.GroupBy(effect => effect.Aggregate), clock => Assert.Equal(Enumerable.Range(0, 40), clock.Select(effect => effect.Number)));
        Assert.Equal(400L, await host.ScalarAsync<long>("SELECT count(*) FROM platform.core_inbox_event"));
    }

    [Fact]
    public async Task Context_on_a_data_source_lends_its_password_to_the_connection_that_holds_lanes()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var source = Npgsql.NpgsqlDataSource.Create(database.ConnectionString);
        await using var host = await ShopHost.StartAsync(
            database.ConnectionString,
            services => services.AddSubscription("record", s => s.Handle<Ticked, RecordTick>()),
            options => options.UseNpgsql(source));

        await host.PublishAsync(new Ticked("a", 1));

        await host.EffectsAsync(1);
    }

    [Fact]
    public async Task Rollback_leaves_nothing()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var host = await ShopHost.StartAsync(database.ConnectionString);

        await using var scope = host.Services.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<ShopContext>();
        await using (var transaction = await context.Database.BeginTransactionAsync())
        {
            scope.ServiceProvider.GetRequiredService<IOutbox>().Enqueue(new Ticked("a", 1));
            await context.SaveChangesAsync();
            await transaction.RollbackAsync();
        }

        Assert.Equal(0L, await host.ScalarAsync<long>("SELECT count(*) FROM platform.core_outbox_event"));
    }
}
