using Microsoft.Extensions.DependencyInjection;
using Platform.Errors;
using Platform.Messaging.Tests.Support;
using Platform.Testing;

namespace Platform.Messaging.Tests.Operations;

public sealed class SubscriptionTests(PostgresFixture postgres)
{
    private static readonly OperatorAction Operator = new("ada", "");

    [Fact]
    public async Task Replay_from_a_point_in_time_handles_again_what_came_since()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var host = await ShopHost.StartAsync(database.ConnectionString, services => services
            .AddSubscription("record", s => s.Handle<Ticked, RecordTick>()));
        await host.PublishAsync(Enumerable.Range(0, 10).Select(number => new Ticked("a", number)));
        await host.EffectsAsync(10);
        var since = await host.ScalarAsync<DateTime>("SELECT clock_timestamp()");
        await host.PublishAsync(Enumerable.Range(10, 5).Select(number => new Ticked("a", number)));
        await host.EffectsAsync(15);

        Assert.Equal(5, await host.Services.GetRequiredService<ISubscriptions>().ReplayAsync("record", since, Operator));

        var effects = await host.EffectsAsync(20);
        Assert.Equal([.. Enumerable.Range(0, 15), .. Enumerable.Range(10, 5)], effects.Select(effect => effect.Number));
    }

    [Theory]
    [InlineData(SubscriptionStart.Beginning, "a", "b", "c")]
    [InlineData(SubscriptionStart.End, "c")]
    public async Task New_subscription_starts_where_it_is_told(SubscriptionStart start, params string[] expected)
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var sender = await ShopHost.StartAsync(database.ConnectionString);
        await sender.PublishAsync(new Ticked("a", 1), new Ticked("b", 1));
        await using var host = await ShopHost.StartAsync(database.ConnectionString, services => services
            .AddSubscription("record", s => s.Handle<Ticked, RecordTick>().Configure(o => o.StartAt = start)));
        await sender.OwnedAsync("record");
        await sender.PublishAsync(new Ticked("c", 1));

        var effects = await sender.EffectsAsync(expected.Length);
        Assert.Equal(expected, effects.Select(effect => effect.Aggregate).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Status_tells_what_waits_and_who_owns_and_a_subscription_is_forgotten_only_when_nobody_works_for_it()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var sender = await ShopHost.StartAsync(database.ConnectionString);
        var subscriptions = sender.Services.GetRequiredService<ISubscriptions>();
        await using (await ShopHost.StartAsync(database.ConnectionString, services => services.AddSubscription("record", s => s.Handle<Ticked, RecordTick>())))
        {
            await sender.OwnedAsync("record");
            Assert.Single(Assert.Single(await subscriptions.ListAsync()).Owners);
            Assert.Equal(ErrorCode.OperationNotAllowed, (await Assert.ThrowsAsync<ErrorException>(() => subscriptions.RemoveAsync("record", Operator))).Code);
        }

        await sender.PublishAsync(new Ticked("a", 1), new Ticked("b", 1));
        var status = Assert.Single(await subscriptions.ListAsync());
        Assert.Equal(("record", 2L, 0), (status.Name, status.Pending, status.Owners.Count));
        await subscriptions.RemoveAsync("record", Operator);
        Assert.Empty(await subscriptions.ListAsync());
    }
}
