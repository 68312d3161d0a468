using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Platform.FeatureFlags.Tests.Store;
using Platform.Testing;

namespace Platform.FeatureFlags.Tests.Propagation;

/// <summary>Changes reach every host by whichever way lives, and no host ever goes back.</summary>
public sealed class PropagationTests(PostgresFixture postgres, RedisFixture redis) : IAsyncLifetime
{
    // So that only what a test is about can bring the change.
    private static readonly (string, string)[] NoPolling = [("Platform:FeatureFlags:PollInterval", "01:00:00"), ("Platform:FeatureFlags:CheckInterval", "01:00:00")];

    private FlagHouse _house = null!;

    public async ValueTask InitializeAsync() => _house = await FlagHouse.OpenAsync(postgres);

    public ValueTask DisposeAsync() => _house.DisposeAsync();

    [Fact]
    public async Task Notification_of_the_database_brings_a_change_where_there_is_no_redis()
    {
        await using var replica = await Replica.StartAsync(_house.ConnectionString, settings: NoPolling);
        await FlipAsync(true);
        await Eventually.BecomesTrueAsync(() => replica.IsOn("a"));
        await FlipAsync(false);
        await Eventually.BecomesTrueAsync(() => !replica.IsOn("a"));
    }

    [Fact]
    public async Task Redis_brings_a_change_where_notifications_do_not_arrive()
    {
        var connection = (await redis.GetServerAsync()).ConnectionString;
        await using var writer = await Replica.StartAsync(_house.ConnectionString, connection, Deaf, settings: NoPolling);
        await using var reader = await Replica.StartAsync(_house.ConnectionString, connection, Deaf, settings: NoPolling);
        await Eventually.BecomesTrueAsync(() => Note(writer).Contains("from the database", StringComparison.Ordinal) && !Note(writer).Contains("polling", StringComparison.Ordinal));
        await Eventually.BecomesTrueAsync(() => !Note(reader).Contains("polling", StringComparison.Ordinal));
        await writer.Store.EditAsync(new FlagEdit(FlagHouse.Ada, document => document.With(new FlagDefinition { Name = "a", Everyone = true })));
        await Eventually.BecomesTrueAsync(() => reader.IsOn("a"));
    }

    [Fact]
    public async Task Poll_brings_a_change_where_nobody_tells()
    {
        await using var replica = await Replica.StartAsync(
            _house.ConnectionString, configure: Deaf, settings: [("Platform:FeatureFlags:PollInterval", "00:00:00.100"), ("Platform:FeatureFlags:CheckInterval", "01:00:00")]);
        Assert.Contains("polling", Note(replica), StringComparison.Ordinal);
        await FlipAsync(true);
        await Eventually.BecomesTrueAsync(() => replica.IsOn("a"));
    }

    [Fact]
    public async Task Host_that_commits_a_change_answers_by_it_at_once()
    {
        await using var replica = await Replica.StartAsync(_house.ConnectionString, configure: Deaf, settings: NoPolling);
        for (var i = 1; i <= 20; i++)
        {
            var on = i % 2 == 1;
            await replica.Store.EditAsync(new FlagEdit(FlagHouse.Ada, document => document.With(new FlagDefinition { Name = "a", Everyone = on })));
            Assert.Equal((on, i), (replica.IsOn("a"), replica.Flags.Snapshot.Version));
        }
    }

    [Fact]
    public async Task No_change_is_missed_and_none_seen_backwards_while_redis_is_killed_and_connections_are_cut()
    {
        var server = await RedisFixture.StartOwnAsync();
        var replicas = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Replica.StartAsync(
            _house.ConnectionString, server.ConnectionString, i % 2 == 0 ? null : Deaf, settings: [("Platform:FeatureFlags:PollInterval", "00:00:00.500")])));
        try
        {
            var backwards = 0;
            var newest = new ConcurrentDictionary<Replica, long>();
            foreach (var replica in replicas)
            {
                replica.Live.Changed += snapshot =>
                {
                    if (newest.GetValueOrDefault(replica) > snapshot.Version)
                    {
                        Interlocked.Increment(ref backwards);
                    }

                    newest[replica] = snapshot.Version;
                };
            }

            for (var i = 1; i <= 120; i++)
            {
                await replicas[i % 6].Store.EditAsync(new FlagEdit(FlagHouse.Ada, document => document.With(new FlagDefinition { Name = "a", Everyone = i % 2 == 1, Note = $"{i}" })));
                if (i == 40)
                {
                    await server.DisposeAsync();
                }

                if (i is 60 or 100)
                {
                    await _house.ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'platform flags' AND datname = current_database()");
                }
            }

            await Eventually.BecomesTrueAsync(() => replicas.All(replica => replica.Flags.Snapshot.Version == 120), TimeSpan.FromSeconds(15));
            Assert.All(replicas, replica => Assert.False(replica.IsOn("a")));
            Assert.Equal(0, backwards);
        }
        finally
        {
            await Task.WhenAll(replicas.Select(replica => replica.DisposeAsync().AsTask()));
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task Change_that_was_made_while_redis_was_away_is_found_when_it_is_back()
    {
        var server = await RedisFixture.StartOwnAsync();
        await using var replica = await Replica.StartAsync(_house.ConnectionString, server.ConnectionString, Deaf, settings: NoPolling);
        await Eventually.BecomesTrueAsync(() => !Note(replica).Contains("polling", StringComparison.Ordinal));
        await server.DisposeAsync();
        await Eventually.BecomesTrueAsync(() => Note(replica).Contains("polling", StringComparison.Ordinal));
        await FlipAsync(true);
        await using var again = await RedisFixture.StartOwnAsync(server.Port);
        await Eventually.BecomesTrueAsync(() => replica.IsOn("a"), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Configured_flags_answer_until_the_database_has_one_of_the_same_name()
    {
        await FlipAsync(false);
        await using var replica = await Replica.StartAsync(
            _house.ConnectionString,
            settings:
            [
                ("Platform:FeatureFlags:Flags:0:Name", "a"), ("Platform:FeatureFlags:Flags:0:Everyone", "true"),
                ("Platform:FeatureFlags:Flags:1:Name", "b"), ("Platform:FeatureFlags:Flags:1:Users:0", "4711"),
                ("Platform:FeatureFlags:Switches:0:Name", "s"), ("Platform:FeatureFlags:Switches:0:Active", "True"),
                ("feature_management:feature_flags:0:id", "m"), ("feature_management:feature_flags:0:enabled", "true"),
                ("feature_management:feature_flags:1:id", "a"), ("feature_management:feature_flags:1:enabled", "true"),
            ]);
        Assert.Equal(
            (false, true, false, true, true),
            (replica.IsOn("a"), replica.Flags.IsEnabled("b", Make.User("4711")), replica.IsOn("b"), replica.Flags.IsSwitchOn("s"), replica.IsOn("m")));
        await _house.PutAsync(new FlagDefinition { Name = "m", Everyone = false });
        await Eventually.BecomesTrueAsync(() => !replica.IsOn("m"));
    }

    private static void Deaf(WebApplicationBuilder builder) => DeafFeed.Deafen(builder.Services);

    private static string Note(Replica replica) => HealthNotes.Of(replica);

    private Task<FlagCommit> FlipAsync(bool on) => _house.PutAsync(new FlagDefinition { Name = "a", Everyone = on });
}
