using System.Text.Json.Nodes;
using Npgsql;
using Platform.Identifiers;
using Platform.Testing;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace Platform.Worker.Tests;

[Collection(WorkerInThisProcess.Name)]
public sealed class OperatorCommandTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Dead_letter_is_listed_shown_edited_and_replayed_under_the_operators_name()
    {
        await using var database = await postgres.CreateDatabaseAsync(WorkerDatabase.Template);
        var id = await ParkAsync(database, "payments");
        await ParkAsync(database, "search");

        var list = await WorkerProgram.RunAsync(database.ConnectionString, ["deadletters", "list", "--subscription", "payments", "--json"]);
        Assert.Equal((0, string.Empty), (list.Code, list.Error));
        var item = Assert.Single(JsonNode.Parse(list.Output)!["items"]!.AsArray())!;
        Assert.Equal((id.ToString(), "failed"), (item["eventId"]!.GetValue<string>(), item["reason"]!.GetValue<string>()));

        var shown = await WorkerProgram.RunAsync(database.ConnectionString, ["deadletters", "show", "payments", id.ToString()]);
        Assert.Contains("\"amount\": 5", shown.Output, StringComparison.Ordinal);
        Assert.Contains("System.TimeoutException: too slow", shown.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', shown.Output);

        var edited = await WorkerProgram.RunAsync(
            database.ConnectionString, ["deadletters", "edit", "payments", id.ToString(), "--payload", "-", "--reason", "typo", "--actor", "ada"], """{ "amount": 7 }""");
        Assert.Equal((0, "edited", string.Empty), (edited.Code, edited.Output, edited.Error));
        var replayed = await WorkerProgram.RunAsync(database.ConnectionString, ["deadletters", "replay", "payments", id.ToString(), "--reason=repaired", "--actor=ada"]);
        Assert.Equal((0, "replayed"), (replayed.Code, replayed.Output));

        Assert.Equal("""{"amount": 7}""", await ScalarAsync<string>(database, $"SELECT payload::text FROM platform.core_inbox_deferred WHERE event_id = '{id}'"));
        Assert.Equal("edited ada typo,replayed ada repaired", await ScalarAsync<string>(
            database, "SELECT string_agg(concat_ws(' ', action, actor, reason), ',' ORDER BY at) FROM platform.core_dead_letter_action"));
    }

    [Fact]
    public async Task Many_are_discarded_by_condition_and_all_only_when_that_is_said()
    {
        await using var database = await postgres.CreateDatabaseAsync(WorkerDatabase.Template);
        await ParkAsync(database, "payments");
        await ParkAsync(database, "payments", "crashed");
        await ParkAsync(database, "search");

        var nothing = await WorkerProgram.RunAsync(database.ConnectionString, ["deadletters", "discard", "--reason", "tidy"]);
        Assert.Equal((2, 3L), (nothing.Code, await CountAsync()));
        var misspelt = await WorkerProgram.RunAsync(database.ConnectionString, ["deadletters", "discard", "--subscripton", "payments", "--all", "--reason", "tidy"]);
        Assert.Equal((2, 3L), (misspelt.Code, await CountAsync()));
        var some = await WorkerProgram.RunAsync(database.ConnectionString, ["deadletters", "discard", "--cause", "crashed", "--reason", "tidy", "--json"]);
        Assert.Equal(1, JsonNode.Parse(some.Output)!["count"]!.GetValue<int>());
        var all = await WorkerProgram.RunAsync(database.ConnectionString, ["deadletters", "discard", "--all", "--reason", "tidy"]);
        Assert.Equal(("2 discarded", 0L), (all.Output, await CountAsync()));
        Assert.Equal(Environment.UserName, await ScalarAsync<string>(database, "SELECT DISTINCT actor FROM platform.core_dead_letter_action"));

        Task<long> CountAsync() => ScalarAsync<long>(database, "SELECT count(*) FROM platform.core_dead_letter");
    }

    [Fact]
    public async Task Subscriptions_and_jobs_are_shown_and_set_going()
    {
        await using var database = await postgres.CreateDatabaseAsync(WorkerDatabase.Template);
        await ScalarAsync<object?>(database, """
            INSERT INTO platform.core_subscription_lane (subscription, lane, position, reads_log, epoch, owner, released, crashes, suspect_attempts, updated_at)
            SELECT 'search', lane, 5, true, 1, 'host:1', false, 0, 0, now() FROM generate_series(0, 15) lane;
            INSERT INTO platform.core_lease (name, token, expires_at, due_at, schedule) VALUES ('nightly', 3, '-infinity', '2999-01-01', 'cron 0 3 * * *');
            """);

        var list = await WorkerProgram.RunAsync(database.ConnectionString, ["subscriptions", "list"]);
        Assert.Contains("search", list.Output, StringComparison.Ordinal);
        Assert.Contains("host:1", list.Output, StringComparison.Ordinal);
        var lanes = await WorkerProgram.RunAsync(database.ConnectionString, ["subscriptions", "lanes", "search", "--json"]);
        Assert.Equal(16, JsonNode.Parse(lanes.Output)!.AsArray().Count);
        var replay = await WorkerProgram.RunAsync(database.ConnectionString, ["subscriptions", "replay", "search", "--from", "2026-01-01T00:00:00Z", "--reason", "New index", "--actor", "ada"]);
        Assert.Equal((0, "0 events come again"), (replay.Code, replay.Output));
        var jobs = await WorkerProgram.RunAsync(database.ConnectionString, ["jobs", "list", "--json"]);
        Assert.Equal("cron 0 3 * * *", JsonNode.Parse(jobs.Output)![0]!["schedule"]!.GetValue<string>());
        var run = await WorkerProgram.RunAsync(database.ConnectionString, ["jobs", "run", "nightly"]);
        Assert.Equal(0, run.Code);
        Assert.Equal("messaging.job.run job:nightly,messaging.subscription.replay subscription:search New index", await ScalarAsync<string>(
            database, "SELECT string_agg(concat_ws(' ', action, target, reason), ',' ORDER BY action) FROM platform.core_security_audit"));
        Assert.Equal("ada", await ScalarAsync<string>(database, "SELECT actor FROM platform.core_security_audit WHERE reason IS NOT NULL"));
        Assert.True(await ScalarAsync<bool>(database, "SELECT due_at <= now() FROM platform.core_lease"));
    }

    [Theory]
    [InlineData(1, "No dead-letter", "deadletters", "show", "payments", "019b7892-1c00-7000-8003-000000000001")]
    [InlineData(1, "/cursor", "deadletters", "list", "--cursor", "nonsense")]
    [InlineData(1, "No job", "jobs", "run", "nobody")]
    [InlineData(2, "--reason is required", "deadletters", "replay", "--all")]
    [InlineData(2, "--from is a time", "deadletters", "list", "--from", "yesterday")]
    [InlineData(2, "There is no 'sing' here", "deadletters", "sing")]
    [InlineData(2, "deadletters <verb>", "deadletters")]
    [InlineData(2, "There is no command", "deadleters", "list")]
    public async Task What_cannot_be_done_is_said_on_standard_error_with_an_exit_code(int code, string message, params string[] arguments)
    {
        await using var database = await postgres.CreateDatabaseAsync(WorkerDatabase.Template);
        var outcome = await WorkerProgram.RunAsync(database.ConnectionString, arguments);
        Assert.True(code == outcome.Code, outcome.Error);
        Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
        Assert.Empty(outcome.Output);
    }

    [Fact]
    public async Task Command_finds_the_database_of_the_topology_that_runs_in_its_folder_or_above()
    {
        await using var database = await postgres.CreateDatabaseAsync(WorkerDatabase.Template);
        await ParkAsync(database, "payments");
        var folder = Directory.CreateTempSubdirectory("platform-operator");
        try
        {
            Directory.CreateDirectory(Path.Combine(folder.FullName, ".platform"));
            var below = Directory.CreateDirectory(Path.Combine(folder.FullName, "src", "deep"));
            await File.WriteAllTextAsync(
                Path.Combine(folder.FullName, ".platform", "endpoints.json"), new JsonObject { ["postgres"] = database.ConnectionString }.ToJsonString(), TestContext.Current.CancellationToken);

            var list = await WorkerProgram.RunAsProcessAsync(null, ["deadletters", "list"], folder: below.FullName);

            Assert.Contains("payments", list.Output, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Database_that_is_away_is_a_line_and_no_stack()
    {
        var outcome = await WorkerProgram.RunAsProcessAsync("Host=127.0.0.1;Port=1;Username=x;Password=x;Database=x;Timeout=1", ["jobs", "list"]);
        Assert.Equal(1, outcome.Code);
        Assert.Contains("The database cannot do this", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
    }

    private static async Task<Guid> ParkAsync(TestDatabase database, string subscription, string cause = "failed")
    {
        var id = Uuid7.Next(TimeProvider.System);
        await ScalarAsync<object?>(database, $$"""
            INSERT INTO platform.core_dead_letter (subscription, event_id, position, lane, event_type, aggregate_type, aggregate_id, payload, occurred_at,
                reason, attempts, error_type, error, stack, parked_at)
            VALUES ('{{subscription}}', '{{id}}', 1, 3, 'orders.placed.v1', 'order', 'o-1', '{"orderId": "o-1", "amount": 5}', now(),
                '{{cause}}', 8, 'System.TimeoutException', 'too slow', E'at \x1b[31mHandler', now())
            """);
        return id;
    }

    private static async Task<T> ScalarAsync<T>(TestDatabase database, string sql)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
