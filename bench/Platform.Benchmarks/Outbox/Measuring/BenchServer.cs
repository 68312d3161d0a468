using Npgsql;
using Platform.Benchmarks.Outbox.Contract;
using Platform.Embedded.Postgres;

namespace Platform.Benchmarks.Outbox.Measuring;

/// <summary>The one PostgreSQL of the suite, with a database for each contender. Commits wait for the disk, as PostgreSQL does by default.</summary>
internal sealed class BenchServer : IAsyncDisposable
{
    private readonly PostgresServer _server;
    private readonly string _folder;

    private BenchServer(PostgresServer server, string folder)
    {
        _server = server;
        _folder = folder;
        Cpu = new ServerCpu(server.ProcessId);
    }

    public ServerCpu Cpu { get; }

    public static async Task<BenchServer> StartAsync(CancellationToken cancellationToken)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"platform-bench-{Environment.ProcessId}");
        var server = await PostgresServer.StartAsync(
            new PostgresServerOptions
            {
                Folder = folder,
                Durable = true,
                Settings = new Dictionary<string, string>
                {
                    ["shared_buffers"] = "256MB",

                    // No checkpoint falls into the drain of one contender and not of another: the suite makes one before each.
                    ["max_wal_size"] = "8GB",
                    ["checkpoint_timeout"] = "1h",

                    // Nor does a vacuum: the suite vacuums before each drain, too.
                    ["autovacuum_naptime"] = "1h",
                },
            },
            cancellationToken);
        return new BenchServer(server, folder);
    }

    public string ConnectionString(string database) => _server.ConnectionStringFor(database) + ";Maximum Pool Size=60;No Reset On Close=true";

    /// <summary>Makes a contender's database, with the tables that all have.</summary>
    public async Task CreateAsync(string database, CancellationToken cancellationToken)
    {
        await ExecuteAsync("postgres", $"CREATE DATABASE {database}", cancellationToken);
        await ExecuteAsync(database, EffectContext.Tables + BusinessRow.Table, cancellationToken);
    }

    /// <summary>Empties every table of a database.</summary>
    public Task EmptyAsync(string database, CancellationToken cancellationToken) => ExecuteAsync(
        database,
        """
        DO $$ BEGIN
            EXECUTE (SELECT 'TRUNCATE ' || string_agg(format('%I.%I', schemaname, tablename), ', ') FROM pg_tables
                WHERE schemaname NOT IN ('pg_catalog', 'information_schema'));
        END $$
        """,
        cancellationToken);

    /// <summary>Brings every contender to the same start: statistics as an autovacuum would have made them, and nothing left to write.</summary>
    public async Task SettleAsync(string database, CancellationToken cancellationToken)
    {
        await ExecuteAsync(database, "VACUUM ANALYZE", cancellationToken);
        await ExecuteAsync(database, "CHECKPOINT", cancellationToken);
    }

    public async Task<T> ScalarAsync<T>(string database, string sql, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(database, cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        return (T)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async Task ExecuteAsync(string database, string sql, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(database, cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Outside any pool: a connection that stays would cost the contenders.</summary>
    private async Task<NpgsqlConnection> OpenAsync(string database, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(_server.ConnectionStringFor(database) + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        return connection;
    }
}
