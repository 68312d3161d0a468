using Microsoft.EntityFrameworkCore;
using Platform.Messaging.Tests.Dispatching;
using Platform.Messaging.Tests.Support;
using Platform.Testing;

namespace Platform.Messaging.Tests.Lanes;

public sealed class OwnershipTests(PostgresFixture postgres)
{
    private const string HoldersByCount =
        "SELECT coalesce(string_agg(lanes::text, ',' ORDER BY lanes), '') FROM (SELECT count(*) AS lanes FROM pg_locks l "
        + "WHERE locktype = 'advisory' AND mode = 'ExclusiveLock' AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) GROUP BY pid) h";

    private const string CutLaneConnections =
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'platform messaging lanes'";

    [Fact]
    public async Task Processes_share_the_lanes_and_take_over_from_one_that_stops()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var first = await StartAsync(database);
        await Eventually.BecomesTrueAsync(async () => await first.ScalarAsync<string>(HoldersByCount) == "16");
        await using (await StartAsync(database))
        {
            await Eventually.BecomesTrueAsync(async () => await first.ScalarAsync<string>(HoldersByCount) == "8,8");
            await using (await StartAsync(database))
            {
                await Eventually.BecomesTrueAsync(async () => await first.ScalarAsync<string>(HoldersByCount) is "4,6,6");
            }
        }

        await Eventually.BecomesTrueAsync(async () => await first.ScalarAsync<string>(HoldersByCount) == "16");
        Assert.Equal(0, await first.ScalarAsync<int>("SELECT max(crashes) FROM platform.core_subscription_lane"));
    }

    [Fact]
    public async Task Owner_that_lost_its_locks_cannot_commit_what_it_has_in_hand()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var zombie = await StartAsync(database);
        var inside = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        zombie.Script.Act = (_, _, _, _) =>
        {
            inside.TrySetResult();
            return release.Task;
        };
        await zombie.PublishAsync(new Ticked("a", 1));
        await inside.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        // What a new owner does when the old one's connection is gone: it raises the epoch.
        await zombie.ExecuteAsync("UPDATE platform.core_subscription_lane SET epoch = epoch + 1");
        zombie.Script.Act = (_, _, _, _) => Task.CompletedTask;
        release.SetResult();

        await zombie.EffectsAsync(1);
        await zombie.PublishAsync(new Ticked("b", 1));
        await zombie.EffectsAsync(2);
        Assert.Equal(2, zombie.Script.CallsOf("a", 1));
        Assert.Single(await zombie.EffectsAsync(), effect => effect.Aggregate == "a");
    }

    [Fact]
    public async Task Cut_connections_delay_and_lose_nothing()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var host = await StartAsync(database, retries: true);
        await using var other = await StartAsync(database, retries: true);
        for (var round = 0; round < 6; round++)
        {
            await host.PublishAsync(from clock in Enumerable.Range(0, 30) select new Ticked($"clock {clock}", round));
            await host.ScalarAsync<long>(round % 2 == 0 ? CutLaneConnections
                : "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
        }

        var effects = await host.EffectsAsync(180, 30);
        Assert.Equal(180, effects.Count);
        Assert.All(effects.GroupBy(effect => effect.Aggregate), clock => Assert.Equal(Enumerable.Range(0, 6), clock.Select(effect => effect.Number)));
    }

    [Fact]
    public async Task Stopping_finishes_what_is_in_hand_and_takes_no_more()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var observer = await ShopHost.StartAsync(database.ConnectionString);
        var host = await StartAsync(database);
        var inside = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        host.Script.Act = (_, _, _, _) =>
        {
            inside.TrySetResult();
            return release.Task;
        };
        await host.PublishAsync(new Ticked("a", 1));
        await inside.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        var stopping = host.StopAsync();
        await observer.PublishAsync(new Ticked("a", 2), new Ticked("b", 1));
        release.SetResult();
        await stopping;
        await host.DisposeAsync();

        Assert.Equal(1, Assert.Single(await observer.EffectsAsync()).Number);
        Assert.Equal(0L, await observer.ScalarAsync<long>("SELECT count(*) FROM platform.core_subscription_lane WHERE NOT released"));
    }

    private static Task<ShopHost> StartAsync(TestDatabase database, bool retries = false) => ShopHost.StartAsync(
        database.ConnectionString,
        services => services.AddSubscription("scripted", s => s.Handle<Ticked, ScriptedTick>().Configure(FailureTests.Quick)),
        options => options.UseNpgsql(database.ConnectionString, npgsql =>
        {
            if (retries)
            {
                npgsql.EnableRetryOnFailure(5, TimeSpan.FromMilliseconds(100), null);
            }
        }));
}
