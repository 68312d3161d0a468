using Platform.Messaging.Tests.Support;
using Platform.Resilience;
using Platform.Testing;

namespace Platform.Messaging.Tests.Dispatching;

/// <summary>An event whose handler meets an open breaker waits, however long, and is no dead letter.</summary>
public sealed class PutOffTests(PostgresFixture postgres)
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Event_that_meets_an_open_breaker_far_more_often_than_it_may_fail_is_handled_in_the_end(int maxAttempts)
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var host = await ShopHost.StartAsync(database.ConnectionString, services => services
            .AddSubscription("outside", s => s.Handle<Ticked, OutsideTick>().Configure(options =>
            {
                FailureTests.Quick(options);
                options.MaxAttempts = maxAttempts;
            })));
        host.Script.Act = (ticked, _, call, _) => ticked.Number == 0 && call <= 12
            ? throw new CircuitBreakerOpenException("payment_gateway", TimeSpan.FromMilliseconds(10), new HttpRequestException())
            : Task.CompletedTask;

        await host.PublishAsync(Enumerable.Range(0, 3).Select(number => new Ticked("a", number)));

        Assert.Equal([0, 1, 2], (await host.EffectsAsync(3)).Select(effect => effect.Number));
        Assert.Equal(13, host.Script.CallsOf("a", 0));
        Assert.Equal(0L, await host.ScalarAsync<long>("SELECT count(*) FROM platform.core_dead_letter"));
    }
}
