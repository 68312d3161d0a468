using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platform.EntityFrameworkCore.Connections;
using Platform.EntityFrameworkCore.FeatureFlags.Tables;

namespace Platform.EntityFrameworkCore.FeatureFlags;

/// <summary>The user's context as feature flags see it: its connections, and the channel of their changes.</summary>
internal sealed class FlagDatabase(IServiceScopeFactory scopes, Type contextType)
{
    private readonly StoreConnections _connections = new(scopes, contextType, typeof(FlagRow));

    /// <summary>The channel of LISTEN and NOTIFY.</summary>
    public string Channel => $"{_connections.Schema.Name}_flags";

    /// <summary>Puts the schema into a statement.</summary>
    public string Sql(string statement) => _connections.Sql(statement);

    public Task<StoreConnection> OpenAsync(CancellationToken cancellationToken) => _connections.OpenAsync(cancellationToken);

    /// <summary>Opens the connection that listens, which asks for life signs so that a peer that vanished is noticed.</summary>
    public Task<NpgsqlConnection> OpenListenerAsync(CancellationToken cancellationToken) => _connections.OpenDirectAsync(
        connectionString: null,
        settings =>
        {
            settings.KeepAlive = 15;
            settings.TcpKeepAlive = true;
            settings.ApplicationName = "platform flags";
        },
        cancellationToken);
}
