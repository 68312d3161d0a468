using Npgsql;
using Platform.Embedded.Postgres;

namespace Platform.Benchmarks.Api;

/// <summary>A PostgreSQL of a suite's own, with the platform's database as <c>migrate</c> leaves it in Development: the schema and the demo data.</summary>
internal static class PlatformServer
{
    public const string Database = "platformdb";

    /// <param name="folder">Where it keeps its data.</param>
    /// <param name="durable">Commits reach the disk.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<PostgresServer> StartAsync(string folder, bool durable, CancellationToken cancellationToken)
    {
        var server = await PostgresServer.StartAsync(
            new PostgresServerOptions
            {
                Folder = Path.Combine(folder, "postgres"),
                Durable = durable,
                PackageFolder = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "platform", "tests"),
            },
            cancellationToken);
        try
        {
            await using (var connection = new NpgsqlConnection(server.ConnectionStringFor("postgres")))
            {
                await connection.OpenAsync(cancellationToken);
                await using var command = new NpgsqlCommand($"CREATE DATABASE {Database}", connection);
                await command.ExecuteNonQueryAsync(cancellationToken);
            }

            return await ApiProcess.RunAsync("WorkerAssembly", server.ConnectionStringFor(Database), ["migrate"], cancellationToken) == 0
                ? server
                : throw new InvalidOperationException("The database could not be prepared.");
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }
}
