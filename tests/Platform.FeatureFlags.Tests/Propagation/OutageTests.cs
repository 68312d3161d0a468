using System.Globalization;
using Npgsql;
using Platform.Embedded.Folders;
using Platform.Embedded.Postgres;
using Platform.FeatureFlags.Tests.Store;
using Platform.Testing;

namespace Platform.FeatureFlags.Tests.Propagation;

/// <summary>PostgreSQL and Redis go away; answers stay.</summary>
public sealed class OutageTests(PostgresFixture shared)
{
    // Ten minutes: PLATFORM_FLAG_OUTAGE=00:10:00 dotnet test ...
    private static readonly TimeSpan Outage = TimeSpan.Parse(
        Environment.GetEnvironmentVariable("PLATFORM_FLAG_OUTAGE") ?? "00:00:02", CultureInfo.InvariantCulture);

    [Fact]
    public async Task No_answer_fails_or_changes_while_both_are_away_and_a_start_answers_from_the_file()
    {
        using var folder = ThrowawayFolder.Create();
        var files = Path.Combine(folder.Path, "flags");
        var postgres = await StartAsync(folder);
        var port = postgres.Port;
        var redis = await RedisFixture.StartOwnAsync();
        var connectionString = await PreparedAsync(postgres);
        (string, string)[] settings = [("Platform:FeatureFlags:SnapshotFolder", files), ("Platform:FeatureFlags:PollInterval", "00:00:00.200")];
        await using var replica = await Replica.StartAsync(connectionString, redis.ConnectionString, settings: settings);
        await replica.Store.EditAsync(new FlagEdit(FlagHouse.Ada, _ => new FlagDocument
        {
            Flags = [new FlagDefinition { Name = "on", Everyone = true }, new FlagDefinition { Name = "half", Percent = 50 }],
            Switches = [new SwitchDefinition { Name = "s", Active = true }],
        }));
        var callers = Enumerable.Range(0, 1_000).Select(i => Make.User($"{i}")).ToArray();
        bool[] Answers(Replica host) => [host.IsOn("on"), host.Flags.IsSwitchOn("s"), .. callers.Select(caller => host.Flags.IsEnabled("half", caller))];
        var expected = Answers(replica);
        await Eventually.BecomesTrueAsync(() => File.Exists(Path.Combine(files, "replica.json")) && File.ReadAllText(Path.Combine(files, "replica.json")).Contains("\"version\":1", StringComparison.Ordinal));

        await postgres.CrashAsync();
        await postgres.DisposeAsync();
        await redis.DisposeAsync();
        var time = TimeProvider.System;
        var start = time.GetTimestamp();
        long asked = 0;
        using (var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(10)))
        {
            do
            {
                Assert.Equal(expected, Answers(replica));
                asked += expected.Length;
            }
            while (time.GetElapsedTime(start) < Outage && await beat.WaitForNextTickAsync());
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{asked:N0} answers in {time.GetElapsedTime(start)} without PostgreSQL and Redis, none of them another.");
        await Eventually.BecomesTrueAsync(async () => await HealthNotes.ReadAsync(replica) is ("degraded", "version 1, kept in memory: the database is away"));

        // A host that starts now.
        start = time.GetTimestamp();
        await using (var second = await Replica.StartAsync(connectionString, redis.EndPoint, settings: settings))
        {
            Assert.Equal(expected, Answers(second));
            TestContext.Current.TestOutputHelper!.WriteLine($"A host that started meanwhile answered after {time.GetElapsedTime(start).TotalMilliseconds:0} ms.");
            var (status, note) = await HealthNotes.ReadAsync(second);
            Assert.Equal("degraded", status);
            Assert.Matches("^version 1 from the file of .*: the database is away$", note);
        }

        // And one without a file, from its configuration.
        await using (var third = await Replica.StartAsync(
            connectionString,
            settings: [("Platform:FeatureFlags:StartTimeout", "00:00:00.200"), ("Platform:FeatureFlags:Flags:0:Name", "on"), ("Platform:FeatureFlags:Flags:0:Everyone", "true")]))
        {
            Assert.True(third.IsOn("on"));
            Assert.Equal(("degraded", "from the configuration"), await HealthNotes.ReadAsync(third));
        }

        await using var back = await StartAsync(folder, port);
        await Eventually.BecomesTrueAsync(async () => (await HealthNotes.ReadAsync(replica)).Note.StartsWith("version 1 from the database", StringComparison.Ordinal), TimeSpan.FromSeconds(20));
        Assert.Equal(expected, Answers(replica));
        await replica.Store.EditAsync(new FlagEdit(FlagHouse.Ada, document => document.With(new FlagDefinition { Name = "on", Everyone = false })));
        Assert.False(replica.IsOn("on"));
    }

    [Fact]
    public async Task File_of_another_database_gives_way_to_the_first_word_of_this_one()
    {
        using var folder = ThrowawayFolder.Create();
        (string, string)[] settings = [("Platform:FeatureFlags:SnapshotFolder", Path.Combine(folder.Path, "flags"))];
        await using var first = await FlagHouse.OpenAsync(shared);
        await using (var replica = await Replica.StartAsync(first.ConnectionString, settings: settings))
        {
            for (var i = 0; i < 3; i++)
            {
                await replica.Store.EditAsync(new FlagEdit(FlagHouse.Ada, document => document.With(new FlagDefinition { Name = "a", Everyone = true, Note = $"{i}" })));
            }

            await replica.StopAsync();
        }

        await using var second = await FlagHouse.OpenAsync(shared);
        await using var other = await Replica.StartAsync(second.ConnectionString, settings: settings);
        await Eventually.BecomesTrueAsync(() => other.Flags.Snapshot.Version == 0 && !other.IsOn("a"));
    }

    [Fact]
    public async Task File_that_is_broken_is_no_hindrance()
    {
        using var folder = ThrowawayFolder.Create();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "replica.json"), "{\"format\":1,\"vers");
        await using var replica = await Replica.StartAsync(
            "Host=127.0.0.1;Port=1;Database=x;Username=x;Password=x", settings: [("Platform:FeatureFlags:SnapshotFolder", folder.Path), ("Platform:FeatureFlags:StartTimeout", "00:00:00.200")]);
        Assert.Equal("no flags: each has its default", HealthNotes.Of(replica));
    }

    private static Task<PostgresServer> StartAsync(ThrowawayFolder folder, int? port = null) => PostgresServer.StartAsync(new PostgresServerOptions
    {
        Folder = Path.Combine(folder.Path, "postgres"),
        Durable = false,
        Port = port,
    });

    private static async Task<string> PreparedAsync(PostgresServer server)
    {
        await using (var connection = new NpgsqlConnection(server.ConnectionStringFor("postgres")))
        {
            await connection.OpenAsync();
            await using var create = new NpgsqlCommand("CREATE DATABASE platformdb", connection);
            await create.ExecuteNonQueryAsync();
        }

        await FlagHouse.Template.PrepareAsync(server.ConnectionStringFor("platformdb"), CancellationToken.None);
        return server.ConnectionStringFor("platformdb");
    }
}
