using Npgsql;
using Platform.Embedded.Postgres;

namespace Platform.Testing;

/// <summary>A database for one test class.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly PostgresServer _server;

    internal TestDatabase(PostgresServer server, string name)
    {
        _server = server;
        Name = name;
        ConnectionString = server.ConnectionStringFor(name);
    }

    /// <summary>Its name on the server.</summary>
    public string Name { get; }

    /// <summary>The superuser's connection string.</summary>
    public string ConnectionString { get; }

    /// <summary>Opens a connection; the caller closes it.</summary>
    public async Task<NpgsqlConnection> OpenConnectionAsync(CancellationToken cancellationToken = default)
    {
        var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    /// <summary>Drops the database and breaks off whoever is connected to it. Nothing happens when the server is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_server.Exited.IsCompleted)
        {
            return;
        }
        await using (var connection = new NpgsqlConnection(ConnectionString))
        {
            NpgsqlConnection.ClearPool(connection);
        }
        await PostgresFixture.ExecuteAsync(_server, $"DROP DATABASE IF EXISTS {Name} WITH (FORCE)", CancellationToken.None);
    }
}
