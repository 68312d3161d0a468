using Npgsql;
using Platform.Api.Tests.Support;
using Platform.Embedded.Folders;
using Platform.Embedded.Postgres;

namespace Platform.Api.Tests.Outages;

/// <summary>A PostgreSQL server with the demo data that goes down and comes up again, on the same port, as often as the tests of a class want.</summary>
public sealed class FallingPostgres : IAsyncDisposable
{
    private const string DatabaseName = "platformdb";

    private readonly ThrowawayFolder _folder = ThrowawayFolder.Create();
    private PostgresServer? _server;
    private int? _port;

    /// <summary>Starts it, if it is not running; the first time with an empty folder.</summary>
    /// <returns>The connection string of the database.</returns>
    public async Task<string> UpAsync()
    {
        if (_server is { Exited.IsCompleted: false })
        {
            return _server.ConnectionStringFor(DatabaseName);
        }

        await DownAsync();
        _server = await PostgresServer.StartAsync(
            new PostgresServerOptions
            {
                Folder = Path.Combine(_folder.Path, "postgres"),
                Port = _port,
                PackageFolder = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "platform", "tests"),
            },
            TestContext.Current.CancellationToken);
        var connectionString = _server.ConnectionStringFor(DatabaseName);
        if (_port is null)
        {
            _port = _server.Port;
            await using (var connection = new NpgsqlConnection(_server.ConnectionStringFor("postgres")))
            {
                await connection.OpenAsync(TestContext.Current.CancellationToken);
                await using var command = new NpgsqlCommand($"CREATE DATABASE {DatabaseName}", connection);
                await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            }

            await PlatformTemplate.PrepareAsync(connectionString, "Development", demoData: true);
        }

        return connectionString;
    }

    /// <summary>Ends it as a crash would.</summary>
    public Task CrashAsync() => _server!.CrashAsync();

    /// <summary>Stops it, and waits until it is gone.</summary>
    public async Task DownAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
            _server = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await DownAsync();
        _folder.Dispose();
    }
}
