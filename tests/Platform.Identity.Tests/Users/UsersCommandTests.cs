using Platform.Api.Tests.Support;
using Platform.Identity.Tests.Support;
using Platform.Testing;

namespace Platform.Identity.Tests.Users;

/// <summary>The command line, by the program's own entry point.</summary>
[Collection(ApiInThisProcess.Name)]
public sealed class UsersCommandTests(PostgresFixture postgres)
{
    private const string Key = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

    [Fact]
    public async Task First_operator_of_production_comes_from_the_command_line_and_can_sign_in()
    {
        await using var database = await postgres.CreateDatabaseAsync(PlatformTemplate.SchemaOnly, TestContext.Current.CancellationToken);
        var (code, output, error) = await RunAsync(database, "users", "add", "--name", "olga", "--role", "operator");
        Assert.True(code == 0, error);
        var password = output.Trim();
        Assert.Equal(20, password.Length);

        var (_, list, _) = await RunAsync(database, "users", "list");
        Assert.Equal("olga\toperator", list);

        await using var server = new ApiServer(database.ConnectionString, settings: ("Platform:Identity:KeyEncryptionKey", Key));
        server.StartServer();
        using var browser = new Browser(server);
        Assert.NotNull((await browser.SignInAsync("olga", password)).Refresh);

        Assert.Equal(0, (await RunAsync(database, "users", "disable", "--name", "olga")).Code);
        Assert.Null((await browser.SignInAsync("olga", password)).Refresh);
    }

    [Fact]
    public async Task Wrong_calls_say_what_is_wrong_and_change_nothing()
    {
        await using var database = await postgres.CreateDatabaseAsync(PlatformTemplate.SchemaOnly, TestContext.Current.CancellationToken);
        var (code, _, error) = await RunAsync(database, "users", "add", "--name", "x", "--role", "emperor");
        Assert.Equal(2, code);
        Assert.Contains("operator", error, StringComparison.Ordinal);
        await using var connection = await database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var count = new Npgsql.NpgsqlCommand("SELECT count(*) FROM platform.identity_user", connection);
        Assert.Equal(0L, await count.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    private static Task<ProgramOutcome> RunAsync(TestDatabase database, params string[] arguments) => ProgramRun.InThisProcessAsync(
        typeof(Program).Assembly,
        arguments,
        new Dictionary<string, string>
        {
            ["DOTNET_ENVIRONMENT"] = "Production",
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["ConnectionStrings__platformdb"] = database.ConnectionString,
            ["ConnectionStrings__redis"] = "127.0.0.1:1",
            ["Platform__Identity__Issuer"] = "https://issuer.test/",
            ["Platform__Identity__KeyEncryptionKey"] = Key,
        },
        cancellationToken: TestContext.Current.CancellationToken);
}

/// <summary>Environment and console belong to the process: what runs the API's commands in it runs while nothing else does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ApiInThisProcess
{
    public const string Name = "the API in this process";
}
