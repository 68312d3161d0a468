using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.Messaging.Tests.Dispatching;
using Platform.Messaging.Tests.Support;
using Platform.Testing;

[assembly: AssemblyFixture(typeof(RabbitFixture))]

namespace Platform.Messaging.Tests.Transports;

[Collection("RabbitMQ")]
public sealed class RabbitTransportTests(PostgresFixture postgres, RabbitFixture rabbit) : BrokerContract
{
    [Fact]
    public async Task Broker_short_of_disk_takes_nothing_and_nothing_is_marked_as_published()
    {
        var node = await rabbit.GetServerAsync();
        await using var carrier = await StartAsync();
        var log = new LogWatch();
        await using var host = await ShopHost.StartAsync(
            carrier.ConnectionString,
            services => services.AddSubscription("scripted", s => s.Handle<Ticked, ScriptedTick>()),
            host: builder =>
            {
                carrier.Configure(builder);
                builder.Logging.AddProvider(log);
            });
        await host.PublishAsync(Enumerable.Range(0, 10).Select(clock => new Ticked($"clock {clock}", 0)));
        await host.EffectsAsync(10, 30);

        await node.ControlAsync("set_disk_free_limit", "1000000GB");
        try
        {
            for (var number = 1; !log.Has("does not take messages at present"); number++)
            {
                await host.PublishAsync(Enumerable.Range(0, 10).Select(clock => new Ticked($"clock {clock}", number)));
            }

            var last = await host.ScalarAsync<long>("SELECT max(position) FROM platform.core_outbox_event");
            await host.PublishAsync(Enumerable.Range(0, 10).Select(clock => new Ticked($"clock {clock}", int.MaxValue)));
            Assert.Equal(0L, await host.ScalarAsync<long>($"""
                SELECT count(*) FROM platform.core_outbox_event o JOIN platform.core_subscription_lane s
                ON s.subscription = 'relay' AND s.lane = o.lane AND s.position >= o.position WHERE o.position > {last}
                """));
        }
        finally
        {
            await node.ControlAsync("set_disk_free_limit", "1MB");
        }

        var events = await host.ScalarAsync<long>("SELECT count(*) FROM platform.core_outbox_event");
        var effects = await host.EffectsAsync((int)events, 60);
        Assert.Equal(events, effects.Count);
        Assert.All(effects.GroupBy(effect => effect.Aggregate), clock => Assert.Equal(clock.Select(effect => effect.Number).Order(), clock.Select(effect => effect.Number)));
    }

    [Fact]
    public async Task Event_too_large_for_the_broker_is_parked_by_the_relay_and_the_others_are_carried()
    {
        await using var carrier = await StartAsync();
        await using var host = await carrier.StartAsync(services => services
            .AddSubscription("scripted", s => s.Handle<Ticked, ScriptedTick>())
            .Configure<SubscriptionOptions>(MessagingOptions.RelayName, options =>
            {
                FailureTests.Quick(options);
                options.MaxAttempts = 2;
            }));
        await host.ExecuteAsync($$$"""
            INSERT INTO platform.core_outbox_event (id, lane, event_type, aggregate_type, aggregate_id, payload, occurred_at)
            VALUES (gen_random_uuid(), 3, 'tests.ticked.v1', 'clock', 'large', jsonb_build_object('aggregate', 'large', 'number', 1, 'more', repeat('x', {{{RabbitServer.MaxMessageSize}}})), now())
            """);

        await host.PublishAsync(Enumerable.Range(0, 20).Select(clock => new Ticked($"clock {clock}", 0)));

        await host.EffectsAsync(20, 30);
        await Eventually.BecomesTrueAsync(async () => await host.ScalarAsync<string>(
            "SELECT coalesce(string_agg(subscription || ' ' || reason || ' ' || aggregate_id, ','), '') FROM platform.core_dead_letter") == "relay failed large", TimeSpan.FromSeconds(30));
    }

    protected override async Task<Carrier> StartAsync() => await RabbitCarrier.StartAsync(rabbit, await ShopDatabase.CreateAsync(postgres));
}
