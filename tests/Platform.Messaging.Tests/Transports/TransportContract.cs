using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Platform.Messaging.Tests.Chaos;
using Platform.Messaging.Tests.Support;
using Platform.Testing;

namespace Platform.Messaging.Tests.Transports;

/// <summary>What every transport promises. A new one inherits this and brings its <see cref="Carrier"/>.</summary>
public abstract class TransportContract
{
    protected abstract Task<Carrier> StartAsync();

    [Fact]
    public async Task Event_reaches_each_subscription_once_and_in_the_order_of_its_aggregate()
    {
        await using var carrier = await StartAsync();
        await using var host = await carrier.StartAsync(services => services
            .AddSubscription("record", s => s.Handle<Ticked, RecordTick>())
            .AddSubscription("scripted", s => s.Handle<Ticked, ScriptedTick>())
            .AddSubscription("tock", s => s.Handle<Tocked, RecordTock>()));

        await host.PublishAsync(from number in Enumerable.Range(0, 20) from clock in Enumerable.Range(0, 10) select new Ticked($"clock {clock}", number));
        await host.WithScopeAsync(async (shop, outbox) =>
        {
            outbox.Enqueue(new Tocked("clock 0", 20));
            await shop.SaveChangesAsync();
        });

        var effects = await host.EffectsAsync(401, 30);
        Assert.Equal(401, effects.Count);
        Assert.All(effects.Where(effect => effect.Consumer is not "tock").GroupBy(effect => (effect.Consumer, effect.Aggregate)), clock =>
            Assert.Equal(Enumerable.Range(0, 20), clock.Select(effect => effect.Number)));
    }

    [Fact]
    public async Task Processes_of_a_subscription_compete_and_keep_the_order()
    {
        await using var carrier = await StartAsync();
        await using var first = await carrier.StartScriptedAsync();
        await using var second = await carrier.StartScriptedAsync();

        // Until both have had some, lanes may still move from one to the other: order has to hold through that as well.
        var rounds = 0;
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                var round = rounds++;
                await first.PublishAsync(from clock in Enumerable.Range(0, 16) select new Ticked($"clock {clock}", round));
                return first.Script.Calls > 0 && second.Script.Calls > 0;
            },
            TimeSpan.FromSeconds(20));

        var effects = await first.EffectsAsync(16 * rounds, 30);
        Assert.Equal(16 * rounds, effects.Count);
        Assert.All(effects.GroupBy(effect => effect.Aggregate), clock => Assert.Equal(Enumerable.Range(0, rounds), clock.Select(effect => effect.Number)));
    }

    [Fact]
    public async Task What_a_dead_process_had_in_hand_comes_again_in_order()
    {
        await using var carrier = await StartAsync();
        await using var sender = await carrier.StartSenderAsync();
        await sender.PublishAsync(from number in Enumerable.Range(0, 30) from clock in Enumerable.Range(0, 16) select new Ticked($"clock {clock}", number));
        if (carrier.IsBroker)
        {
            await using var relay = await Victim.StartAsync(carrier.Environment(), "relay", carrier.ConnectionString);
            await using var victim = await Victim.StartAsync(carrier.Environment(), "consume", carrier.ConnectionString, "slow");
            await Eventually.BecomesTrueAsync(async () => (await sender.EffectsAsync()).Count > 0, TimeSpan.FromSeconds(60));
        }
        else
        {
            await using var victim = await Victim.StartAsync(carrier.Environment(), "consume", carrier.ConnectionString, "slow");
            await Eventually.BecomesTrueAsync(async () => (await sender.EffectsAsync()).Count > 0, TimeSpan.FromSeconds(60));
        }

        var before = (await sender.EffectsAsync()).Count;
        await using var host = await carrier.StartAsync(services => services.AddSubscription("victim", s => s.Handle<Ticked, RecordTick>()));
        var effects = await host.EffectsAsync(480, 30);
        Assert.InRange(before, 1, 479);
        Assert.Equal(480, effects.Count);
        Assert.All(effects.GroupBy(effect => effect.Aggregate), clock => Assert.Equal(Enumerable.Range(0, 30), clock.Select(effect => effect.Number)));
    }

    [Fact]
    public async Task What_comes_twice_is_handled_once()
    {
        await using var carrier = await StartAsync();
        var duplicates = 0L;
        using var listener = Listen("platform.messaging.duplicates", value => Interlocked.Add(ref duplicates, value));
        await using var host = await carrier.StartScriptedAsync();
        await host.PublishAsync(from clock in Enumerable.Range(0, 20) select new Ticked($"clock {clock}", 0));
        await host.EffectsAsync(20, 30);

        await carrier.RepeatAsync(host);

        // The consumers notice that their cursor was moved at the latest with their next look, every five seconds.
        await Eventually.BecomesTrueAsync(() => Interlocked.Read(ref duplicates) >= 20, TimeSpan.FromSeconds(20));
        Assert.Equal(20, (await host.EffectsAsync()).Count);
        Assert.Equal(20, host.Script.Calls);
    }

    [Fact]
    public async Task Failing_event_is_tried_again_and_holds_up_its_own_aggregate_only()
    {
        await using var carrier = await StartAsync();
        await using var host = await carrier.StartScriptedAsync(options => options.MaxAttempts = 100);
        var heal = false;
        host.Script.Act = (ticked, _, _, _) => ticked is { Aggregate: "ill", Number: 1 } && !Volatile.Read(ref heal) ? throw new InvalidOperationException("not yet") : Task.CompletedTask;

        await host.PublishAsync(from number in Enumerable.Range(0, 5) from clock in (string[])["ill", "well"] select new Ticked(clock, number));

        await Eventually.BecomesTrueAsync(async () => (await host.EffectsAsync()).Count(effect => effect.Aggregate == "well") == 5 && host.Script.CallsOf("ill", 1) > 2);
        Volatile.Write(ref heal, true);
        var effects = await host.EffectsAsync(10);
        Assert.Equal(Enumerable.Range(0, 5), effects.Where(effect => effect.Aggregate == "ill").Select(effect => effect.Number));
    }

    [Fact]
    public async Task Poison_and_unknown_types_are_parked_and_not_dropped()
    {
        await using var carrier = await StartAsync();
        await using var host = await carrier.StartScriptedAsync(options => options.MaxAttempts = 3);
        host.Script.Act = (ticked, _, _, _) => ticked.Number == 1 ? throw new InvalidOperationException("never") : Task.CompletedTask;
        await host.ExecuteAsync("""
            INSERT INTO platform.core_outbox_event (id, lane, event_type, aggregate_type, aggregate_id, payload, occurred_at)
            VALUES (gen_random_uuid(), 3, 'nobody.knows.v1', 'clock', 'raw', '{{"any":"thing"}}', now())
            """);

        await host.PublishAsync(Enumerable.Range(0, 4).Select(number => new Ticked("a", number)));

        Assert.Equal([0, 2, 3], (await host.EffectsAsync(3)).Select(effect => effect.Number));
        await Eventually.BecomesTrueAsync(async () => await host.ScalarAsync<string>(
            "SELECT coalesce(string_agg(reason || ' ' || event_type || ' ' || attempts || ' ' || payload, ', ' ORDER BY event_type), '') FROM platform.core_dead_letter")
            == """unknown_type nobody.knows.v1 0 {"any": "thing"}, failed tests.ticked.v1 3 {"number": 1, "aggregate": "a"}""");
    }

    [Fact]
    public async Task Delayed_event_comes_at_its_time_and_holds_nothing_up()
    {
        await using var carrier = await StartAsync();
        await using var host = await carrier.StartAsync(services => services.AddSubscription("record", s => s.Handle<Ticked, RecordTick>()));
        var due = TimeProvider.System.GetUtcNow().AddSeconds(2);

        await host.WithScopeAsync(async (shop, outbox) =>
        {
            outbox.Enqueue(new Ticked("a", 1), due);
            outbox.Enqueue(new Ticked("b", 2));
            await shop.SaveChangesAsync();
        });

        await host.EffectsAsync(2, 20);
        Assert.True(await host.ScalarAsync<bool>(
            "SELECT max(handled_at) >= (SELECT max(available_at) FROM platform.core_outbox_event) AND min(handled_at) < max(handled_at) FROM platform.core_inbox_event"));
    }

    [Fact]
    public async Task Trace_and_correlation_lead_from_the_sender_to_the_handler()
    {
        await using var carrier = await StartAsync();
        var spans = new ConcurrentQueue<Activity>();
        using var request = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();
        request.TraceStateString = "vendor=1";
        request.AddBaggage("tenant", "7");
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == MessagingTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var host = await carrier.StartScriptedAsync();
        EventContext? seen = null;
        host.Script.Act = (_, context, _, _) =>
        {
            seen = context;
            return Task.CompletedTask;
        };

        request.AddBaggage(MessagingTelemetry.CorrelationBaggage, "call 1");
        await host.PublishAsync(new Ticked("a", 1));
        await host.EffectsAsync(1);

        await Eventually.BecomesTrueAsync(() => spans.Any(span => span.TraceId == request.TraceId && span.OperationName == "process tests.ticked.v1"));
        var send = spans.Single(span => span.TraceId == request.TraceId && span.OperationName == "send tests.ticked.v1");
        var process = spans.Single(span => span.TraceId == request.TraceId && span.OperationName == "process tests.ticked.v1");
        Assert.Equal(send.SpanId, process.ParentSpanId);
        Assert.Equal("vendor=1", process.TraceStateString);
        Assert.Equal("7", process.GetBaggageItem("tenant"));
        Assert.Equal("call 1", seen!.CorrelationId);
        Assert.Equal(("a", "clock"), (seen.AggregateId, seen.AggregateType));
    }

    [Fact]
    public async Task Nothing_is_lost_or_turned_around_while_the_broker_is_away_and_comes_back()
    {
        await using var carrier = await StartAsync();
        await using var host = await carrier.StartScriptedAsync();
        await using var other = await carrier.StartScriptedAsync();
        var rounds = 0;
        await PublishAsync();
        await host.EffectsAsync(1, 30);
        await carrier.AwayAsync();
        if (carrier.IsBroker)
        {
            // The log takes events while nobody carries them.
            await PublishAsync();
            await PublishAsync();
        }

        await carrier.BackAsync();
        await PublishAgainAsync();
        await carrier.CutAsync();
        await PublishAgainAsync();

        var effects = await host.EffectsAsync(20 * rounds, 40);
        Assert.Equal(20 * rounds, effects.Count);
        Assert.All(effects.GroupBy(effect => effect.Aggregate), clock => Assert.Equal(Enumerable.Range(0, rounds), clock.Select(effect => effect.Number)));

        async Task PublishAsync()
        {
            await host.WithScopeAsync(async (shop, outbox) =>
            {
                for (var clock = 0; clock < 20; clock++)
                {
                    outbox.Enqueue(new Ticked($"clock {clock}", rounds));
                }

                await shop.SaveChangesAsync();
            });
            rounds++;
        }

        // Where the broker is the database, connections that lie in the pool are broken.
        Task PublishAgainAsync() => Eventually.BecomesTrueAsync(async () =>
        {
            await PublishAsync();
            return true;
        });
    }

    [Fact]
    public async Task Replay_from_a_point_in_time_is_for_the_one_that_asks()
    {
        await using var carrier = await StartAsync();
        await using var host = await carrier.StartAsync(services => services
            .AddSubscription("record", s => s.Handle<Ticked, RecordTick>())
            .AddSubscription("scripted", s => s.Handle<Ticked, ScriptedTick>()));
        await host.PublishAsync(Enumerable.Range(0, 6).Select(number => new Ticked("a", number)));
        await host.EffectsAsync(12, 30);
        var since = await host.ScalarAsync<DateTime>("SELECT clock_timestamp()");
        await host.PublishAsync(Enumerable.Range(6, 3).Select(number => new Ticked("a", number)));
        await host.EffectsAsync(18, 30);

        Assert.Equal(3, await host.Services.GetRequiredService<ISubscriptions>().ReplayAsync("record", since, new OperatorAction("ada", "")));

        var effects = await host.EffectsAsync(21, 30);
        Assert.Equal([.. Enumerable.Range(0, 9), .. Enumerable.Range(6, 3)], effects.Where(effect => effect.Consumer == "record").Select(effect => effect.Number));
        Assert.Equal(9, effects.Count(effect => effect.Consumer == "scripted"));
    }

    [Fact]
    public async Task Subscription_that_comes_late_gets_what_the_log_holds()
    {
        await using var carrier = await StartAsync();
        await using var host = await carrier.StartScriptedAsync();
        await host.PublishAsync(from number in Enumerable.Range(0, 3) from clock in Enumerable.Range(0, 10) select new Ticked($"clock {clock}", number));
        await host.EffectsAsync(30, 30);

        await using var late = await carrier.StartAsync(services => services.AddSubscription("late", s => s.Handle<Ticked, RecordTick>()));

        var effects = (await host.EffectsAsync(60, 30)).Where(effect => effect.Consumer == "record").ToList();
        Assert.All(effects.GroupBy(effect => effect.Aggregate), clock => Assert.Equal([0, 1, 2], clock.Select(effect => effect.Number)));
        Assert.Equal(30, effects.Count);
        Assert.Equal(30, host.Script.Calls);
    }

    [Fact]
    public async Task Clock_of_a_host_that_jumps_turns_nothing_around()
    {
        await using var carrier = await StartAsync();
        var clock = new JumpingClock();
        await using var host = await carrier.StartAsync(services => services
            .AddSingleton<TimeProvider>(clock)
            .AddSubscription("scripted", s => s.Handle<Ticked, ScriptedTick>()));
        TimeSpan[] jumps = [TimeSpan.Zero, TimeSpan.FromDays(1), TimeSpan.FromDays(-1), TimeSpan.FromDays(365), TimeSpan.Zero];
        for (var number = 0; number < jumps.Length; number++)
        {
            clock.Offset = jumps[number];
            await host.PublishAsync(from name in Enumerable.Range(0, 20) select new Ticked($"clock {name}", number));
        }

        var effects = await host.EffectsAsync(100, 30);
        Assert.Equal(100, effects.Count);
        Assert.All(effects.GroupBy(effect => effect.Aggregate), name => Assert.Equal(Enumerable.Range(0, 5), name.Select(effect => effect.Number)));
    }

    protected static MeterListener Listen(string instrument, Action<long> add)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (published, self) =>
            {
                if (published.Meter.Name == MessagingTelemetry.Name && published.Name == instrument)
                {
                    self.EnableMeasurementEvents(published);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => add(value));
        listener.Start();
        return listener;
    }
}
