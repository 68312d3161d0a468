using System.Collections.Concurrent;
using System.Globalization;
using Npgsql;
using Platform.Embedded.Folders;
using Platform.Embedded.Postgres;

namespace Platform.Testing;

/// <summary>
/// One PostgreSQL server for a test program, started on first use, with a database of its own for each test class.
/// Register it once with <c>[assembly: AssemblyFixture(typeof(PostgresFixture))]</c> and take it in a constructor. Safe for
/// several threads. The server ends with the test program, also when that is killed.
/// </summary>
public sealed class PostgresFixture : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<Task<string>>> _templates = new();
    private readonly Lazy<Task<PostgresServer>> _server;
    private readonly ThrowawayFolder _folder = ThrowawayFolder.Create();
    private int _databases;

    public PostgresFixture() => _server = new(StartAsync);

    /// <summary>The server, started if it is not yet.</summary>
    public Task<PostgresServer> GetServerAsync() => _server.Value;

    /// <summary>Makes an empty database, or a copy of the template, which is prepared the first time that it is asked for.</summary>
    /// <returns>The database; it is dropped when disposed of, and with the server.</returns>
    public async Task<TestDatabase> CreateDatabaseAsync(DatabaseTemplate? template = null, CancellationToken cancellationToken = default)
    {
        var server = await GetServerAsync().WaitAsync(cancellationToken);
        var source = await SourceAsync(server, template).WaitAsync(cancellationToken);
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _databases)}");
        await ExecuteAsync(server, $"CREATE DATABASE {name} TEMPLATE {source}", cancellationToken);
        return new TestDatabase(server, name);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated)
        {
            NpgsqlConnection.ClearAllPools();
            await using var server = await _server.Value;
            // Nothing of it is wanted any more: no clean shutdown.
            await server.CrashAsync();
        }
        _folder.Dispose();
    }

    internal static async Task ExecuteAsync(PostgresServer server, string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionStringFor("postgres"));
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private Task<PostgresServer> StartAsync() => PostgresServer.StartAsync(new PostgresServerOptions
    {
        Folder = Path.Combine(_folder.Path, "postgres"),
        Durable = false,
        PackageFolder = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "platform", "tests"),
    });

    private Task<string> SourceAsync(PostgresServer server, DatabaseTemplate? template) =>
        template is null ? Task.FromResult("template0") : _templates.GetOrAdd(template.Key, _ => new(() => PrepareAsync(server, template))).Value;

    private async Task<string> PrepareAsync(PostgresServer server, DatabaseTemplate template)
    {
        var source = await SourceAsync(server, template.Base);
        // The key may be any text: the name of the database only has to be the same for it, and a valid one.
        var name = $"template_{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(template.Key)))[..16]}";
        await ExecuteAsync(server, $"CREATE DATABASE {name} TEMPLATE {source}", CancellationToken.None);
        var connectionString = server.ConnectionStringFor(name);
        await template.PrepareAsync(connectionString, CancellationToken.None);
        // A database can be copied only while nobody is connected to it (PostgreSQL manual, "Template Databases").
        await ExecuteAsync(
            server,
            $"ALTER DATABASE {name} ALLOW_CONNECTIONS false; SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{name}'",
            CancellationToken.None);
        await using (var connection = new NpgsqlConnection(connectionString))
        {
            NpgsqlConnection.ClearPool(connection);
        }
        return name;
    }
}
