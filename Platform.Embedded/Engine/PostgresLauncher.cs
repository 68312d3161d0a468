using Npgsql;
using Platform.Embedded.Output;
using Platform.Embedded.Postgres;

namespace Platform.Embedded.Engine;

/// <summary>Runs a PostgreSQL server and makes its databases.</summary>
/// <param name="resource">The server.</param>
/// <param name="folder">Where its data is.</param>
/// <param name="packageFolder">Where a PostgreSQL that npm brings is.</param>
/// <param name="durable">Whether the data matters.</param>
/// <param name="output">Takes the server's log.</param>
/// <param name="release">Lets go of the port.</param>
internal sealed class PostgresLauncher(
    PostgresServerResource resource, string folder, string packageFolder, bool durable, ConsoleOutput output, Action release) : ILauncher
{
    private const string FindDatabase = "SELECT 1 FROM pg_database WHERE datname = $1";

    public int Replicas => 1;

    public async Task<IInstance> LaunchAsync(int replica, CancellationToken cancellationToken)
    {
        var address = resource.Require();
        release();
        var server = await PostgresServer.StartAsync(
            new PostgresServerOptions
            {
                Folder = folder,
                PackageFolder = packageFolder,
                Port = address.Port,
                UserName = address.UserName,
                Password = address.Password,
                Durable = durable,
                Output = line => output.Show(resource.Name, line),
            },
            cancellationToken);
        return new Instance(server, resource, durable);
    }

    private sealed class Instance(PostgresServer server, PostgresServerResource resource, bool durable) : IInstance
    {
        public string Description => $"process {server.ProcessId}";

        public Task<int> Exited => server.Exited;

        public async Task UntilReadyAsync(CancellationToken cancellationToken)
        {
            // Not from a pool: a connection that stays open would keep databases from being copied.
            var unpooled = new NpgsqlConnectionStringBuilder(server.ConnectionStringFor("postgres")) { Pooling = false };
            await using var connection = new NpgsqlConnection(unpooled.ConnectionString);
            try
            {
                await connection.OpenAsync(cancellationToken);
            }
            catch (PostgresException exception) when (
                exception.SqlState is PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification)
            {
                throw new EmbeddedException(
                    $"The data of '{resource.Name}' was made with another user or password than the present ones. "
                    + "Give those, or start over with the argument reset.",
                    exception);
            }
            foreach (var database in resource.Databases)
            {
                await EnsureAsync(connection, database.DatabaseName, cancellationToken);
            }
        }

        public Task StopAsync(TimeSpan limit) => durable ? server.StopAsync(limit) : server.CrashAsync();

        public ValueTask DisposeAsync() => server.DisposeAsync();

        private static async Task EnsureAsync(NpgsqlConnection connection, string name, CancellationToken cancellationToken)
        {
            await using var find = new NpgsqlCommand(FindDatabase, connection) { Parameters = { new() { Value = name } } };
            if (await find.ExecuteScalarAsync(cancellationToken) is null)
            {
                // An identifier cannot be a parameter; doubled quotes keep it one (PostgreSQL manual, "Identifiers and Key Words").
                var quoted = name.Replace("\"", "\"\"", StringComparison.Ordinal);
                await using var create = new NpgsqlCommand($"CREATE DATABASE \"{quoted}\"", connection);
                await create.ExecuteNonQueryAsync(cancellationToken);
            }
        }
    }
}
