using Microsoft.Extensions.DependencyInjection;
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

    /// <summary>Listens on the channel until it is cancelled or the connection is lost.</summary>
    public Task ListenAsync(Action<string> heard, Action connected, CancellationToken cancellationToken) =>
        _connections.ListenAsync(Channel, "platform flags", heard, connected, cancellationToken);
}
