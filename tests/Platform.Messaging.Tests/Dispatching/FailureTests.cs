using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platform.Messaging.Tests.Support;
using Platform.Testing;

namespace Platform.Messaging.Tests.Dispatching;

public sealed class FailureTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Failing_event_holds_up_its_own_aggregate_only_and_order_is_kept_across_retries()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var host = await StartAsync(database, s => s.Handle<Ticked, ScriptedTick>());
        var heal = false;
        host.Script.Act = (ticked, _, _, _) => ticked is { Aggregate: "ill", Number: 1 } && !Volatile.Read(ref heal) ? throw new InvalidOperationException("not yet") : Task.CompletedTask;

        await host.PublishAsync(from number in Enumerable.Range(0, 5) from clock in (string[])["ill", "well"] select new Ticked(clock, number));

        await Eventually.BecomesTrueAsync(async () => (await host.EffectsAsync()) is var seen
            && seen.Count(effect => effect.Aggregate == "well") == 5 && seen.Any(effect => effect.Aggregate == "ill"));
        Assert.Equal([0], (await host.EffectsAsync()).Where(effect => effect.Aggregate == "ill").Select(effect => effect.Number));
        Volatile.Write(ref heal, true);
        var effects = await host.EffectsAsync(10);
        Assert.Equal(Enumerable.Range(0, 5), effects.Where(effect => effect.Aggregate == "ill").Select(effect => effect.Number));
        Assert.Equal(0L, await host.ScalarAsync<long>("SELECT count(*) FROM platform.core_inbox_deferred"));
    }

    [Fact]
    public async Task Event_is_parked_after_its_last_try_and_frees_its_aggregate()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var host = await StartAsync(database, s => s.Handle<Ticked, ScriptedTick>().Configure(o => o.MaxAttempts = 3));
        host.Script.Act = (ticked, _, _, _) => ticked.Number == 1 ? throw new InvalidOperationException("never") : Task.CompletedTask;

        await host.PublishAsync(Enumerable.Range(0, 4).Select(number => new Ticked("a", number)));

        Assert.Equal([0, 2, 3], (await host.EffectsAsync(3)).Select(effect => effect.Number));
        Assert.Equal("failed|3|never|System.InvalidOperationException|true", await host.ScalarAsync<string>(
            "SELECT concat_ws('|', reason, attempts, error, error_type, (stack LIKE '%FailureTests%')::text) FROM platform.core_dead_letter"));
    }

    [Fact]
    public async Task Only_the_culprit_of_a_batch_is_tried_again_when_the_database_refuses_it()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var host = await StartAsync(database, s => s.Handle<Ticked, ScriptedTick>().Configure(o => (o.Concurrency, o.MaxAttempts) = (1, 2)), publishFirst: 60);

        var effects = await host.EffectsAsync(59);
        await Eventually.BecomesTrueAsync(async () => await host.ScalarAsync<long>("SELECT count(*) FROM platform.core_dead_letter") == 1);
        Assert.Equal(59, effects.Count);
        Assert.DoesNotContain(effects, effect => effect.Aggregate == "clock 37");
        // 60 calls one by one, and for the halves that hold the culprit some of them again: far from a try for each.
        Assert.InRange(host.Script.Calls, 60, 200);
        Assert.Equal(59L, await host.ScalarAsync<long>("SELECT count(*) FROM platform.core_inbox_event"));
    }

    [Fact]
    public async Task Handler_finds_what_the_event_before_it_wrote_also_where_a_duplicate_lies_between_them_in_a_batch()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using (var sender = await ShopHost.StartAsync(database.ConnectionString))
        {
            await sender.PublishAsync(from number in Enumerable.Range(0, 3) from clock in Enumerable.Range(0, 40) select new Ticked($"clock {clock}", number));
            // One lane with some aggregates, of which the first had its later events handled before.
            await sender.ExecuteAsync("""
                DELETE FROM platform.core_outbox_event WHERE lane <> (
                    SELECT lane FROM platform.core_outbox_event GROUP BY lane HAVING count(DISTINCT aggregate_id) > 2 ORDER BY lane LIMIT 1);
                INSERT INTO platform.core_inbox_event (consumer, event_id, handled_at)
                SELECT 'count', id, now() FROM platform.core_outbox_event
                WHERE (payload ->> 'number')::int > 0 AND aggregate_id = (SELECT aggregate_id FROM platform.core_outbox_event ORDER BY position LIMIT 1);
                """);
        }

        await using var host = await ShopHost.StartAsync(
            database.ConnectionString, services => services.AddSubscription("count", s => s.Handle<Ticked, CountBefore>()));

        var expected = (int)await host.ScalarAsync<long>("SELECT count(*) - 2 FROM platform.core_outbox_event");
        var effects = await host.EffectsAsync(expected);
        Assert.Equal(expected, effects.Count);
        Assert.All(
            effects.GroupBy(effect => effect.Aggregate, StringComparer.Ordinal),
            clock => Assert.Equal(Enumerable.Range(0, clock.Count()), clock.Select(effect => effect.Number)));
    }

    [Fact]
    public async Task Event_of_an_unknown_type_is_parked_and_not_dropped()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var host = await StartAsync(database, s => s.Handle<Ticked, ScriptedTick>());
        await host.ExecuteAsync(InsertRaw("nobody.knows.v1"));

        await Eventually.BecomesTrueAsync(async () => await host.ScalarAsync<long>("SELECT count(*) FROM platform.core_dead_letter WHERE reason = 'unknown_type'") == 1);
        await host.PublishAsync(new Ticked("a", 1));
        await host.EffectsAsync(1);
    }

    [Fact]
    public async Task Newer_version_of_a_handled_event_waits_for_code_that_knows_it()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using (var old = await StartAsync(database, s => s.Handle<Ticked, ScriptedTick>().Configure(o => o.MaxAttempts = 100)))
        {
            await old.ExecuteAsync(InsertRaw("tests.ticked.v2"));
            await Eventually.BecomesTrueAsync(async () => await old.ScalarAsync<long>("SELECT count(*) FROM platform.core_inbox_deferred WHERE attempts > 1") == 1);
        }

        await using var updated = await ShopHost.StartAsync(database.ConnectionString, services => services
            .AddEvents(events => events.Upcast("tests.ticked.v2", "tests.ticked.v1", node => node))
            .AddSubscription("scripted", s => s.Handle<Ticked, ScriptedTick>().Configure(Quick)));
        Assert.Equal("raw", Assert.Single(await updated.EffectsAsync(1)).Aggregate);
    }

    [Fact]
    public async Task Body_of_an_old_version_is_raised_step_by_step_to_the_one_that_the_code_knows()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var host = await ShopHost.StartAsync(database.ConnectionString, services => services
            .AddEvents(events => events
                .Upcast("old.ticked.v1", "old.ticked.v2", body => new JsonObject { ["aggregate"] = body["number"]!.ToString() })
                .Upcast("old.ticked.v2", "tests.ticked.v1", body =>
                {
                    body["number"] = 42;
                    return body;
                }))
            .AddSubscription("scripted", s => s.Handle<Ticked, ScriptedTick>()));

        await host.ExecuteAsync(InsertRaw("old.ticked.v1"));

        var effect = Assert.Single(await host.EffectsAsync(1));
        Assert.Equal(("1", 42), (effect.Aggregate, effect.Number));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Handler_that_hangs_is_given_up_and_cannot_commit_later(bool blocksItsThread)
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var host = await StartAsync(database, s => s.Handle<Ticked, ScriptedTick>().Configure(o => (o.HandlerTimeout, o.MaxAttempts) = (TimeSpan.FromMilliseconds(150), 1)));
        using var release = new ManualResetEventSlim();
        var hang = new TaskCompletionSource();
        host.Script.Act = (ticked, _, _, _) =>
        {
            if (ticked.Aggregate == "hangs" && blocksItsThread)
            {
                release.Wait(CancellationToken.None);
            }

            return ticked.Aggregate == "hangs" && !blocksItsThread ? hang.Task : Task.CompletedTask;
        };

        await host.PublishAsync(new Ticked("hangs", 1), new Ticked("goes on", 1));

        await Eventually.BecomesTrueAsync(async () => await host.ScalarAsync<long>("SELECT count(*) FROM platform.core_dead_letter WHERE error_type = 'System.TimeoutException'") == 1);
        Assert.Equal("goes on", Assert.Single(await host.EffectsAsync(1)).Aggregate);
        release.Set();
        hang.SetResult();
        await host.PublishAsync(new Ticked("after", 1));
        Assert.DoesNotContain(await host.EffectsAsync(2), effect => effect.Aggregate == "hangs");
    }

    [Fact]
    public async Task Handler_that_minds_its_token_is_cancelled_on_time()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var host = await StartAsync(database, s => s.Handle<Ticked, OutsideTick>().Configure(o => (o.HandlerTimeout, o.MaxAttempts) = (TimeSpan.FromMilliseconds(100), 2)));
        host.Script.Act = (_, _, call, cancellationToken) => call == 1 ? Task.Delay(Timeout.Infinite, cancellationToken) : Task.CompletedTask;

        await host.PublishAsync(new Ticked("a", 1));

        await host.EffectsAsync(1);
        Assert.Equal(2, host.Script.CallsOf("a", 1));
    }

    internal static void Quick(SubscriptionOptions options)
    {
        options.RetryDelay = TimeSpan.FromMilliseconds(20);
        options.MaxRetryDelay = TimeSpan.FromMilliseconds(50);
    }

    private static string InsertRaw(string eventType) => $$$"""
        INSERT INTO platform.core_outbox_event (id, lane, event_type, aggregate_type, aggregate_id, payload, occurred_at)
        VALUES (gen_random_uuid(), 3, '{{{eventType}}}', 'clock', 'raw', '{{"aggregate":"raw","number":1}}', now())
        """;

    /// <summary>Starts a host; with events published before it looks, so that they come as one batch, of which number 37 breaks a constraint.</summary>
    private static async Task<ShopHost> StartAsync(TestDatabase database, Action<SubscriptionBuilder> declare, int publishFirst = 0)
    {
        if (publishFirst > 0)
        {
            await using var sender = await ShopHost.StartAsync(database.ConnectionString);
            await sender.ExecuteAsync("ALTER TABLE effects ADD CHECK (\"Aggregate\" <> 'clock 37')");
            await sender.PublishAsync(Enumerable.Range(0, publishFirst).Select(clock => new Ticked($"clock {clock}", 0)));
        }

        return await ShopHost.StartAsync(database.ConnectionString, services => services.AddSubscription("scripted", s => declare(s.Configure(Quick))));
    }

    /// <summary>Writes how many events of the aggregate have left their row in the database so far.</summary>
    private sealed class CountBefore(ShopContext shop) : IEventHandler<Ticked>
    {
        public async Task HandleAsync(Ticked @event, EventContext context, CancellationToken cancellationToken)
        {
            var before = await shop.Effects.CountAsync(effect => effect.Aggregate == @event.Aggregate, cancellationToken);
            shop.Effects.Add(new Effect { Consumer = "count", Aggregate = @event.Aggregate, Number = before, EventId = context.EventId });
        }
    }
}
