using Platform.Messaging.Tests.Chaos;
using Platform.Messaging.Tests.Support;
using Platform.Testing;

namespace Platform.Messaging.Tests.Jobs;

/// <summary>Processes that race for one job, and die while they run it.</summary>
public sealed class JobProcessTests(PostgresFixture postgres)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Job_is_taken_over_from_each_process_that_is_killed_while_it_runs_and_never_runs_twice_at_once()
    {
        const int Kills = 3;
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var observer = await ShopHost.StartAsync(database.ConnectionString);
        await observer.ExecuteAsync("CREATE TABLE job_runs (token bigint PRIMARY KEY, began timestamptz NOT NULL, ended timestamptz)");
        var processes = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Victim.StartAsync("job", database.ConnectionString)));
        try
        {
            for (var kill = 0; kill < Kills; kill++)
            {
                var holder = await HolderAsync(observer);
                var unlucky = Array.FindIndex(processes, process => holder.EndsWith($":{process.Id}", StringComparison.Ordinal));
                await processes[unlucky].KillAsync();
                var runs = await RunsAsync(observer);
                await Eventually.BecomesTrueAsync(async () => await RunsAsync(observer) > runs, Limit);
                await processes[unlucky].DisposeAsync();
                processes[unlucky] = await Victim.StartAsync("job", database.ConnectionString);
            }

            var enough = await RunsAsync(observer) + 5;
            await Eventually.BecomesTrueAsync(async () => await RunsAsync(observer) >= enough, Limit);
        }
        finally
        {
            await Task.WhenAll(processes.Select(process => process.DisposeAsync().AsTask()));
        }

        Assert.Equal(0L, await observer.ScalarAsync<long>("""
            SELECT count(*) FROM job_runs a JOIN job_runs b ON a.token < b.token
            WHERE b.began < a.began OR b.began < a.ended
            """));
        // Whoever was killed in the middle left a run without its end; those that came to it are all whole.
        Assert.InRange(await observer.ScalarAsync<long>("SELECT count(*) FROM job_runs WHERE ended IS NULL"), 0, Kills + 3);
    }

    private static Task<long> RunsAsync(ShopHost host) => host.ScalarAsync<long>("SELECT count(*) FROM job_runs WHERE ended IS NOT NULL");

    private static async Task<string> HolderAsync(ShopHost host)
    {
        var holder = string.Empty;
        await Eventually.BecomesTrueAsync(async () => (holder = await host.ScalarAsync<string>(
            "SELECT coalesce(max(owner), '') FROM platform.core_lease WHERE name = 'count' AND expires_at > clock_timestamp()")).Length > 0, Limit);
        return holder;
    }
}
