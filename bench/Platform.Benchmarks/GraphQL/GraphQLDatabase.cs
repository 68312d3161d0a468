using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platform.Domain;
using Platform.Domain.DemoData;
using Platform.Domain.Persistence;
using Platform.Embedded.Postgres;

namespace Platform.Benchmarks.GraphQL;

/// <summary>The one PostgreSQL of the suite, with the demo data that all contenders read.</summary>
internal sealed class GraphQLDatabase : IAsyncDisposable
{
    private const string Name = "graphql";

    private readonly PostgresServer _server;
    private readonly string _folder;

    private GraphQLDatabase(PostgresServer server, string folder)
    {
        _server = server;
        _folder = folder;
    }

    public string ConnectionString => _server.ConnectionStringFor(Name) + ";Maximum Pool Size=10;Max Auto Prepare=50;No Reset On Close=true";

    /// <summary>The same for the package <c>pg</c>.</summary>
    public object NodeConnection
    {
        get
        {
            var parts = new NpgsqlConnectionStringBuilder(_server.ConnectionStringFor(Name));
            return new { host = parts.Host, port = parts.Port, database = parts.Database, user = parts.Username, password = parts.Password };
        }
    }

    public static async Task<GraphQLDatabase> StartAsync(CancellationToken cancellationToken)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"platform-bench-{Environment.ProcessId}");
        var server = await PostgresServer.StartAsync(
            new PostgresServerOptions { Folder = folder, Durable = false, Settings = new Dictionary<string, string> { ["autovacuum"] = "off" } }, cancellationToken);
        var database = new GraphQLDatabase(server, folder);
        await using (var connection = new NpgsqlConnection(server.ConnectionStringFor("postgres")))
        {
            await connection.OpenAsync(cancellationToken);
            await using var create = new NpgsqlCommand($"CREATE DATABASE {Name}", connection);
            await create.ExecuteNonQueryAsync(cancellationToken);
        }

        var options = new DbContextOptionsBuilder<PlatformDbContext>().UseNpgsql(database.ConnectionString);
        options.UsePlatformConventions();
        await using var context = new PlatformDbContext(options.Options);
        await context.Database.MigrateAsync(cancellationToken);
        await new DemoDataSeed(context).RunAsync(cancellationToken);
        await context.Database.ExecuteSqlRawAsync("VACUUM ANALYZE", cancellationToken);
        return database;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
