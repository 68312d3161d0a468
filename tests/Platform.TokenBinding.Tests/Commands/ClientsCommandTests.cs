using Npgsql;
using Platform.Api.Tests.Support;
using Platform.Testing;
using Platform.TokenBinding.Tests.Support;

namespace Platform.TokenBinding.Tests.Commands;

/// <summary><c>Platform.Api -- clients bind</c> as a person runs it.</summary>
[Collection(ApiInThisProcess.Name)]
public sealed class ClientsCommandTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Client_is_bound_and_the_trail_tells()
    {
        await using var database = await postgres.CreateDatabaseAsync(PlatformTemplate.Seeded);
        Assert.Equal((0, "demo: tokens need a proof of possession"), await RunAsync(database, "clients", "bind", "demo", "--dpop"));
        Assert.Equal("[\"ft:dpop\"]", await ScalarAsync(database, "SELECT requirements FROM platform.identity_application WHERE client_id = 'demo'"));
        Assert.Equal(1L, await ScalarAsync(database, "SELECT count(*) FROM platform.core_security_audit WHERE action = 'clients.bind' AND target = 'client:demo'"));

        using var certificate = TlsApi.Certificate("CN=demo");
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, certificate.ExportCertificatePem(), TestContext.Current.CancellationToken);
        Assert.Equal((0, $"demo: authenticates with the certificate {certificate.Thumbprint}"), await RunAsync(database, "clients", "bind", "demo", "--certificate", file));
        File.Delete(file);

        Assert.Equal((0, "demo: authenticates with certificates of the authorities for CN=demo, O=Shop"), await RunAsync(database, "clients", "bind", "demo", "--subject", "CN=demo, O=Shop"));
        Assert.Equal(2, (await RunAsync(database, "clients", "bind", "demo", "--subject", "nonsense")).ExitCode);
        Assert.Equal(1, (await RunAsync(database, "clients", "bind", "nobody", "--dpop")).ExitCode);
        Assert.Equal(2, (await RunAsync(database, "clients", "bind", "demo", "--dpop", "--none")).ExitCode);
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(TestDatabase database, params string[] arguments)
    {
        var outcome = await ProgramRun.InThisProcessAsync(
            typeof(Program).Assembly,
            arguments,
            new Dictionary<string, string>
            {
                ["DOTNET_ENVIRONMENT"] = "Development",
                ["ConnectionStrings__platformdb"] = database.ConnectionString,
                ["ConnectionStrings__redis"] = "127.0.0.1:1",
                ["Platform__Identity__Issuer"] = "https://issuer.test/",
                ["Logging__LogLevel__Default"] = "None",
            },
            cancellationToken: TestContext.Current.CancellationToken);
        return (outcome.Code, outcome.Output);
    }

    private static async Task<object?> ScalarAsync(TestDatabase database, string sql)
    {
        await using var connection = await database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}

/// <summary>Environment and console belong to the process: what runs the API's commands in it runs while nothing else does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ApiInThisProcess
{
    public const string Name = "the API in this process";
}
