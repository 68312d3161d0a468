using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platform.EntityFrameworkCore.Messaging;
using Platform.Messaging.Tests.Support;
using Platform.Messaging.Transports;
using Platform.Testing;

namespace Platform.Messaging.Tests.Transports;

/// <summary>What a transport promises besides that leaves the database.</summary>
public abstract class BrokerContract : TransportContract
{
    [Fact]
    public async Task Broker_keeps_nothing_that_every_subscription_has_handled()
    {
        await using var carrier = await StartAsync();
        await using var host = await carrier.StartAsync(services => services
            .AddSubscription("scripted", s => s.Handle<Ticked, ScriptedTick>())
            .AddSubscription("tock", s => s.Handle<Tocked, RecordTock>()));

        // One of the two has no handler for them.
        await host.PublishAsync(from number in Enumerable.Range(0, 5) from clock in Enumerable.Range(0, 20) select new Ticked($"clock {clock}", number));

        await host.EffectsAsync(100, 30);
        await Eventually.BecomesTrueAsync(async () => await carrier.HeldAsync() == 0, TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task Broker_keeps_nothing_for_a_subscription_that_was_removed()
    {
        await using var carrier = await StartAsync();
        await using (var before = await carrier.StartScriptedAsync())
        {
            await before.PublishAsync(Enumerable.Range(0, 20).Select(clock => new Ticked($"clock {clock}", 0)));
            await before.EffectsAsync(20, 30);
        }

        await using var host = await carrier.StartAsync(services => services.AddSubscription("tock", s => s.Handle<Tocked, RecordTock>()));
        await host.PublishAsync(Enumerable.Range(0, 20).Select(clock => new Ticked($"clock {clock}", 1)));
        await Eventually.BecomesTrueAsync(async () => await carrier.HeldAsync() >= 20, TimeSpan.FromSeconds(20));

        var subscriptions = host.Services.GetRequiredService<ISubscriptions>();
        await Eventually.BecomesTrueAsync(async () => (await subscriptions.ListAsync()).Single(one => one.Name == "scripted").Owners.Count == 0);
        await subscriptions.RemoveAsync("scripted", new OperatorAction("ada", "Nobody needs it."));

        Assert.DoesNotContain(await subscriptions.ListAsync(), one => one.Name == "scripted");
        await host.PublishAsync(Enumerable.Range(0, 20).Select(clock => new Ticked($"clock {clock}", 2)));
        await Eventually.BecomesTrueAsync(async () => await carrier.HeldAsync() == 0, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task What_the_broker_lost_comes_again_from_the_log()
    {
        await using var carrier = await StartAsync();
        await using (var before = await carrier.StartScriptedAsync())
        {
            await before.PublishAsync(Enumerable.Range(0, 20).Select(clock => new Ticked($"clock {clock}", 0)));
            await before.EffectsAsync(20, 30);
        }

        // Published, but not handled by anyone.
        await using (var relay = await carrier.StartAsync(_ => { }))
        {
            await relay.PublishAsync(Enumerable.Range(0, 20).Select(clock => new Ticked($"clock {clock}", 1)));
            await Eventually.BecomesTrueAsync(async () => await carrier.HeldAsync() >= 20, TimeSpan.FromSeconds(20));
            await RelayedAsync(relay);
        }

        await carrier.LoseEverythingAsync();

        await using var host = await carrier.StartScriptedAsync();
        var effects = await host.EffectsAsync(40, 30);
        Assert.Equal(40, effects.Count);
        Assert.All(effects.GroupBy(effect => effect.Aggregate), clock => Assert.Equal([0, 1], clock.Select(effect => effect.Number)));
        Assert.Equal(20, host.Script.Calls);
    }

    [Fact]
    public async Task What_was_under_way_before_the_broker_kept_a_lane_counts_for_none_of_its_owners()
    {
        await using var carrier = await StartAsync();

        // Another subscription: without any, nothing is published.
        await using (var relay = await carrier.StartAsync(services => services.AddSubscription("tock", s => s.Handle<Tocked, RecordTock>())))
        {
            await relay.PublishAsync(new Ticked("a", 0));
            await RelayedAsync(relay);
        }

        await using (var first = await carrier.StartScriptedAsync())
        {
            await first.EffectsAsync(1, 30);
        }

        await using var second = await carrier.StartScriptedAsync();
        await second.OwnedAsync("scripted");
        await carrier.TransportOf(second).PublishAsync([Late(7)], TestContext.Current.CancellationToken);
        await second.PublishAsync(new Ticked("a", 1));

        Assert.Equal([0, 1], (await second.EffectsAsync(2, 30)).Select(effect => effect.Number));
    }

    [Fact]
    public async Task Broker_that_lost_a_lane_is_filled_again_however_often_that_fails()
    {
        await using var carrier = await StartAsync();
        await using var host = await carrier.StartAsync(_ => { });
        var calls = new List<string>();
        var fails = true;
        await using var source = carrier.SourceOf(host, new LaneSourceContext(host.Services, "late", () => { })
        {
            Lost = (_, _) =>
            {
                calls.Add("lost");
                return Task.CompletedTask;
            },
            Backfill = (_, _) =>
            {
                calls.Add("backfill");
                return fails ? throw new NpgsqlException("The database is away.") : Task.FromResult(7L);
            },
        });

        // What an owner knows of a lane that another broker, or an empty one, has never heard of.
        var cursor = await ReadAsync(new LaneCursor(LaneOfA, 0, 3));
        Assert.Null(cursor.LeastEpoch);
        await Assert.ThrowsAsync<NpgsqlException>(() => ReadAsync(cursor));
        await Assert.ThrowsAsync<NpgsqlException>(() => ReadAsync(cursor));
        fails = false;
        cursor = await ReadAsync(cursor);
        Assert.Equal((7L, 0L), (cursor.LeastEpoch, cursor.Position));
        Assert.Equal(["lost", "backfill", "backfill", "backfill"], calls);

        await carrier.TransportOf(host).PublishAsync([Late(1, 6), Late(2, 7)], TestContext.Current.CancellationToken);
        List<EventEnvelope> events = [];
        await Eventually.BecomesTrueAsync(async () =>
        {
            cursor = await ReadAsync(cursor, events);
            return events.Count > 0;
        });
        Assert.Equal(7L, Assert.Single(events).RelayEpoch);
        Assert.Equal(4, calls.Count);

        async Task<LaneCursor> ReadAsync(LaneCursor from, List<EventEnvelope>? found = null)
        {
            var read = await source.ReadAsync([from], 10, TestContext.Current.CancellationToken);
            Assert.Equal(read.Examined[0].LeastEpoch is null, read.Unsettled);
            found?.AddRange(read.Events.Select(e => e.Envelope));
            return read.Examined[0];
        }
    }

    /// <summary>Waits until all events are at the broker.</summary>
    private static Task RelayedAsync(ShopHost relay) => Eventually.BecomesTrueAsync(async () => await relay.ScalarAsync<long>("""
        SELECT count(*) FROM platform.core_outbox_event e JOIN platform.core_subscription_lane s
        ON s.subscription = 'relay' AND s.lane = e.lane AND s.position < e.position
        """) == 0);

    private static short LaneOfA => LaneHash.Of("clock", "a", MessagingModel.DefaultLaneCount);

    /// <summary>An event of an owner of the relay's lane; of its first, who was told meanwhile to begin anew, unless said otherwise.</summary>
    private static EventEnvelope Late(int number, long relayEpoch = 1) => new()
    {
        Id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()),
        EventType = "tests.ticked.v1",
        AggregateType = "clock",
        AggregateId = "a",
        Lane = LaneOfA,
        RelayEpoch = relayEpoch,
        Payload = JsonSerializer.SerializeToUtf8Bytes(new Ticked("a", number), ShopJson.Default.Ticked),
        OccurredAt = TimeProvider.System.GetUtcNow(),
    };

    [Fact]
    public async Task Garbage_in_a_lane_is_parked_and_the_lane_goes_on()
    {
        await using var carrier = await StartAsync();
        await using var host = await carrier.StartScriptedAsync();
        var lane = LaneHash.Of("clock", "a", MessagingModel.DefaultLaneCount);
        await host.OwnedAsync("scripted");
        await Eventually.BecomesTrueAsync(async () =>
        {
            await host.PublishAsync(new Ticked("other lane", 0));
            return (await host.EffectsAsync()).Count > 0;
        });

        await Eventually.BecomesTrueAsync(async () =>
        {
            await carrier.PutGarbageAsync(lane);
            return true;
        });
        await host.PublishAsync(new Ticked("a", 1));

        await Eventually.BecomesTrueAsync(async () => (await host.EffectsAsync()).Exists(effect => effect.Aggregate == "a"), TimeSpan.FromSeconds(20));
        await Eventually.BecomesTrueAsync(async () => await host.ScalarAsync<long>(
            "SELECT count(*) FROM platform.core_dead_letter WHERE reason = 'unknown_type' AND event_type = 'transport.unreadable.v1' AND payload ? 'fault'") == 1);
    }

    [Fact]
    public async Task Subscription_moves_between_transports_by_configuration_alone()
    {
        await using var carrier = await StartAsync();
        await using var sender = await carrier.StartSenderAsync();
        for (var round = 0; round < 4; round++)
        {
            // To the broker, back to the log, and again.
            await using var host = round % 2 == 0
                ? await carrier.StartScriptedAsync()
                : await ShopHost.StartAsync(carrier.ConnectionString, services => services.AddSubscription("scripted", s => s.Handle<Ticked, ScriptedTick>()));
            await sender.PublishAsync(Enumerable.Range(0, 20).Select(clock => new Ticked($"clock {clock}", round)));
            var effects = await sender.EffectsAsync(20 * (round + 1), 30);
            Assert.Equal(20 * (round + 1), effects.Count);
        }

        Assert.All((await sender.EffectsAsync()).GroupBy(effect => effect.Aggregate), clock => Assert.Equal([0, 1, 2, 3], clock.Select(effect => effect.Number)));
    }

    [Fact]
    public async Task Event_larger_than_the_limit_is_refused_where_it_is_enqueued_and_one_at_the_limit_is_carried()
    {
        await using var carrier = await StartAsync();
        await using var host = await carrier.StartScriptedAsync();

        var text = new string('x', new MessagingOptions().PayloadLimit);
        await Assert.ThrowsAnyAsync<Exception>(() => host.PublishAsync(new Ticked(text, 1)));
        Assert.Equal(0L, await host.ScalarAsync<long>("SELECT count(*) FROM platform.core_outbox_event"));

        await host.ExecuteAsync($$$"""
            INSERT INTO platform.core_outbox_event (id, lane, event_type, aggregate_type, aggregate_id, payload, occurred_at)
            SELECT gen_random_uuid(), 3, 'tests.ticked.v1', 'clock', 'large', jsonb_build_object('aggregate', 'large', 'number', n, 'more', repeat('x', {{{text.Length - 100}}})), now()
            FROM generate_series(1, 30) n
            """);
        var effects = await host.EffectsAsync(30, 30);
        Assert.Equal(Enumerable.Range(1, 30), effects.Select(effect => effect.Number));
    }
}
