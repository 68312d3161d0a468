using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Platform.EntityFrameworkCore.Messaging;
using Platform.Messaging.Tests.Support;
using Platform.Testing;

[assembly: AssemblyFixture(typeof(RedisFixture))]

namespace Platform.Messaging.Tests.Transports;

public sealed class RedisTransportTests(PostgresFixture postgres, RedisFixture redis) : BrokerContract
{
    [Fact]
    public async Task Clock_of_the_server_that_goes_back_turns_nothing_around()
    {
        await using var carrier = await RedisCarrier.StartAsync(redis, await ShopDatabase.CreateAsync(postgres));
        await using var host = await carrier.StartScriptedAsync();
        await host.PublishAsync(from clock in Enumerable.Range(0, 20) select new Ticked($"clock {clock}", 0));
        await host.EffectsAsync(20, 30);

        // As if the clock had been a year ahead until now.
        for (var lane = 0; lane < MessagingModel.DefaultLaneCount; lane++)
        {
            await carrier.Redis.ExecuteAsync("XSETID", carrier.Stream(lane), $"{TimeProvider.System.GetUtcNow().AddYears(1).ToUnixTimeMilliseconds() * 1000}-0");
        }

        await host.PublishAsync(from number in Enumerable.Range(1, 5) from clock in Enumerable.Range(0, 20) select new Ticked($"clock {clock}", number));

        var effects = await host.EffectsAsync(120, 30);
        Assert.All(effects.GroupBy(effect => effect.Aggregate), clock => Assert.Equal(Enumerable.Range(0, 6), clock.Select(effect => effect.Number)));
    }

    [Fact]
    public async Task Full_stream_makes_the_relay_wait_and_loses_nothing()
    {
        await using var carrier = await RedisCarrier.StartAsync(redis, await ShopDatabase.CreateAsync(postgres));
        var log = new LogWatch();
        await using (var relay = await ShopHost.StartAsync(carrier.ConnectionString, host: builder =>
        {
            carrier.Configure(builder);
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Platform:Messaging:RedisStreams:MaxLength"] = "100" });
            builder.Logging.AddProvider(log);
        }))
        {
            await relay.WithScopeAsync(async (shop, outbox) =>
            {
                for (var number = 0; number < 500; number++)
                {
                    outbox.Enqueue(new Ticked("a", number));
                }

                await shop.SaveChangesAsync();
            });
            await Eventually.BecomesTrueAsync(() => log.Has("that some consumer group has not acknowledged"), TimeSpan.FromSeconds(20));
            Assert.InRange(await carrier.HeldAsync(), 100, 300);
        }

        await using var host = await carrier.StartScriptedAsync();
        var effects = await host.EffectsAsync(500, 30);
        Assert.Equal(Enumerable.Range(0, 500), effects.Select(effect => effect.Number));
    }

    protected override async Task<Carrier> StartAsync() => await RedisCarrier.StartAsync(redis, await ShopDatabase.CreateAsync(postgres));
}
