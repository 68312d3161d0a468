using Npgsql;
using Platform.Embedded.Output;
using Platform.Embedded.Postgres;

namespace Platform.Embedded.Engine;

/// <summary>Runs a PostgreSQL server and makes its databases.</summary>
internal sealed class PostgresLauncher(PostgresServerResource resource, string folder, string packageFolder, ConsoleOutput output, Action release) : ILauncher
{
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
                Durable = resource.KeepsData,
                Output = line => output.Show(resource.Name, line),
            },
            cancellationToken);
        return new Instance(server, resource);
    }

    private sealed class Instance(PostgresServer server, PostgresServerResource resource) : IInstance
    {
        public string Description => $"process {server.ProcessId}";

        public Task<int> Exited => server.Exited;

        public async Task UntilReadyAsync(CancellationToken cancellationToken)
        {
            await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server.ConnectionStringFor("postgres")) { Pooling = false }.ConnectionString);
            try
            {
                await connection.OpenAsync(cancellationToken);
            }
            catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification)
            {
                throw new EmbeddedException(
                    $"The data of '{resource.Name}' was made with another user or password than the present ones. Give those, or start over with the argument reset.", exception);
            }
            foreach (var database in resource.Databases)
            {
                await using var find = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", connection) { Parameters = { new() { Value = database.DatabaseName } } };
                if (await find.ExecuteScalarAsync(cancellationToken) is null)
                {
                    // An identifier cannot be a parameter; doubled quotes keep it one (PostgreSQL manual, "Identifiers and Key Words").
                    await using var create = new NpgsqlCommand($"CREATE DATABASE \"{database.DatabaseName.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", connection);
                    await create.ExecuteNonQueryAsync(cancellationToken);
                }
            }
        }

        public Task StopAsync(TimeSpan limit) => server.StopAsync(limit);

        public ValueTask DisposeAsync() => server.DisposeAsync();
    }
}
