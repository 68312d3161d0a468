using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Npgsql;
using Platform.Testing;

namespace Platform.Worker.Tests;

/// <summary><c>columns seal</c> as an operator runs it after a key was configured, and after it was replaced.</summary>
[Collection(WorkerInThisProcess.Name)]
public sealed class ColumnsCommandTests(PostgresFixture postgres)
{
    private const string KeySetting = "Platform__Redaction__Columns__Key";
    private const string PreviousSetting = "Platform__Redaction__Columns__PreviousKeys__0";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Values_from_before_are_sealed_sealed_anew_under_the_next_key_and_each_run_is_recorded_without_a_value()
    {
        await using var database = await postgres.CreateDatabaseAsync(WorkerDatabase.Template, Cancel);
        await RegisterAsync(database, "ada.before@example.com", "grace.before@example.com");
        var (key, next) = (NewKey(), NewKey());

        var sealedFirst = await RunAsync(database, ["columns", "seal", "--actor", "ada"], (KeySetting, key));
        Assert.Equal((0, string.Empty), (sealedFirst.Code, sealedFirst.Error));
        Assert.Matches(@"^COLUMN +SEALED\s+Customer\.Email +2$", sealedFirst.Output);
        var first = await StoredAsync(database);
        Assert.All(first, value => Assert.StartsWith("sealed1:", value, StringComparison.Ordinal));
        Assert.Equal(0, await CountAsync(database, "SELECT count(*) FROM commerce.customers WHERE email_hash IS NULL"));

        // Nothing is left to do, and the row stays as it is.
        Assert.Matches(@"Customer\.Email +0$", (await RunAsync(database, ["columns", "seal"], (KeySetting, key))).Output);
        Assert.Equal(first, await StoredAsync(database));

        var sealedAgain = await RunAsync(database, ["columns", "seal", "--actor", "grace"], (KeySetting, next), (PreviousSetting, key));
        Assert.Matches(@"Customer\.Email +2$", sealedAgain.Output);

        // The previous key is not needed any more, and no run shows an address or a key.
        var alone = await RunAsync(database, ["columns", "seal"], (KeySetting, next));
        Assert.Equal((0, string.Empty), (alone.Code, alone.Error));
        var trail = await TrailAsync(database);
        Assert.Equal(
            [$"ada 2", $"{Environment.UserName} 0", "grace 2", $"{Environment.UserName} 0"],
            trail.Select(entry => $"{entry.Actor} {JsonNode.Parse(entry.Details)!["Customer.Email"]}"));
        var shown = string.Join('\n', [sealedFirst.Output, sealedAgain.Output, alone.Output, .. trail.Select(entry => entry.Details)]);
        Assert.DoesNotContain("@", shown, StringComparison.Ordinal);
        Assert.DoesNotContain(key, shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_key_a_bad_one_or_one_that_does_not_open_what_is_there_a_line_says_so_and_nothing_is_changed_or_recorded()
    {
        await using var database = await postgres.CreateDatabaseAsync(WorkerDatabase.Template, Cancel);
        await RegisterAsync(database, "ada.before@example.com");

        var none = await RunAsync(database, ["columns", "seal"]);
        Assert.Equal((1, "No key is configured (Platform:Redaction:Columns:Key)."), (none.Code, none.Error));
        var bad = await RunAsync(database, ["columns", "seal"], (KeySetting, "c2hvcnQ="));
        Assert.Equal(1, bad.Code);
        Assert.Contains("A key of columns is 32 bytes in base64.", bad.Error, StringComparison.Ordinal);
        Assert.Equal(["ada.before@example.com"], await StoredAsync(database));
        Assert.Empty(await TrailAsync(database));

        Assert.Equal(0, (await RunAsync(database, ["columns", "seal"], (KeySetting, NewKey()))).Code);
        var before = await StoredAsync(database);
        var lost = await RunAsync(database, ["columns", "seal"], (KeySetting, NewKey()));
        Assert.Equal(1, lost.Code);
        Assert.Contains("Customer.Email is sealed with a key that is not configured here (Platform:Redaction:Columns", lost.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", lost.Error, StringComparison.Ordinal);
        Assert.Empty(lost.Output);
        Assert.Equal(before, await StoredAsync(database));
        Assert.Single(await TrailAsync(database));
    }

    [Theory]
    [InlineData("columns <verb>", "columns")]
    [InlineData("There is no 'unseal' here", "columns", "unseal")]
    [InlineData("'everything' is too much", "columns", "seal", "everything")]
    [InlineData("--key", "columns", "seal", "--key", "AAAA")]
    [InlineData("--actor", "columns", "seal", "--actor")]
    public async Task Wrong_use_is_told_with_how_it_is_meant_before_anything_is_asked_of_the_database(string message, params string[] arguments)
    {
        // Nothing listens there.
        var outcome = await WorkerProgram.RunAsync("Host=127.0.0.1;Port=1;Username=x;Password=x;Database=x;Timeout=1", arguments, environment: [(KeySetting, NewKey())]);
        Assert.True(outcome.Code == 2, outcome.Error);
        Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
        Assert.Contains("seal [--actor <who>]", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(outcome.Output);
    }

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private static Task<ProgramOutcome> RunAsync(TestDatabase database, string[] arguments, params (string Name, string Value)[] environment) =>
        WorkerProgram.RunAsync(database.ConnectionString, arguments, environment: environment);

    private static async Task RegisterAsync(TestDatabase database, params string[] emails)
    {
        await using var connection = await database.OpenConnectionAsync(Cancel);
        await using var command = new NpgsqlCommand(
            "INSERT INTO commerce.customers (id, name, email, created_at, updated_at) SELECT gen_random_uuid(), 'Somebody', email, now(), now() FROM unnest($1) email", connection);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = emails });
        await command.ExecuteNonQueryAsync(Cancel);
    }

    private static async Task<string[]> StoredAsync(TestDatabase database)
    {
        await using var connection = await database.OpenConnectionAsync(Cancel);
        await using var command = new NpgsqlCommand("SELECT array_agg(email ORDER BY id) FROM commerce.customers", connection);
        return (string[])(await command.ExecuteScalarAsync(Cancel))!;
    }

    private static async Task<long> CountAsync(TestDatabase database, string sql)
    {
        await using var connection = await database.OpenConnectionAsync(Cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync(Cancel))!;
    }

    private static async Task<List<(string Actor, string Details)>> TrailAsync(TestDatabase database)
    {
        await using var connection = await database.OpenConnectionAsync(Cancel);
        await using var command = new NpgsqlCommand(
            "SELECT actor, details::text FROM platform.core_security_audit WHERE action = 'personal.columns.seal' AND target = 'columns' ORDER BY position", connection);
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        var entries = new List<(string, string)>();
        while (await reader.ReadAsync(Cancel))
        {
            entries.Add((reader.GetString(0), reader.GetString(1)));
        }

        return entries;
    }
}
