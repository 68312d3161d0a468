using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platform.EntityFrameworkCore.Connections;
using Platform.EntityFrameworkCore.Secrets.Tables;
using Platform.Secrets;
using static Platform.EntityFrameworkCore.Connections.StoreConnection;

namespace Platform.EntityFrameworkCore.Secrets;

/// <summary>The user's context as secrets see it: connections, fenced transactions, and the channel of notifications.</summary>
internal sealed class SecretDatabase(IServiceScopeFactory scopes, Type contextType)
{
    private const string Hold = "SELECT 1 FROM {schema}.core_secret WHERE name = $1 AND lease_token = $2 AND lease_expires_at > clock_timestamp() FOR UPDATE";

    private readonly StoreConnections _connections = new(scopes, contextType, typeof(SecretRow));

    /// <summary>The channel of LISTEN and NOTIFY.</summary>
    public string Channel => $"{_connections.Schema.Name}_secrets";

    public Task<StoreConnection> OpenAsync(CancellationToken cancellationToken) => _connections.OpenAsync(cancellationToken);

    /// <summary>Runs work in a transaction that holds the lease until it commits: whoever lost it cannot write any more.</summary>
    public async Task<T> FencedAsync<T>(
        SecretLease lease, Func<StoreConnection, NpgsqlTransaction, Task<T>> work, CancellationToken cancellationToken)
    {
        await using var open = await OpenAsync(cancellationToken);
        await using var transaction = await open.Connection.BeginTransactionAsync(cancellationToken);
        await HoldAsync(open.Connection, lease, cancellationToken);
        var result = await work(open, transaction);
        await transaction.CommitAsync(cancellationToken);
        return result;
    }

    /// <inheritdoc cref="FencedAsync{T}"/>
    public Task FencedAsync(SecretLease lease, Func<StoreConnection, NpgsqlTransaction, Task> work, CancellationToken cancellationToken) =>
        FencedAsync(
            lease,
            async (open, transaction) =>
            {
                await work(open, transaction);
                return true;
            },
            cancellationToken);

    /// <summary>Runs work on the context, in a transaction that holds the lease.</summary>
    public async Task FencedContextAsync(SecretLease lease, Func<IServiceProvider, DbContext, Task> work, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = _connections.Context(scope.ServiceProvider);
        await context.Database.CreateExecutionStrategy().ExecuteAsync(
            async cancellation =>
            {
                context.ChangeTracker.Clear();
                await using var transaction = await context.Database.BeginTransactionAsync(cancellation);
                await HoldAsync((NpgsqlConnection)context.Database.GetDbConnection(), lease, cancellation);
                await work(scope.ServiceProvider, context);
                await transaction.CommitAsync(cancellation);
            },
            cancellationToken);
    }

    /// <summary>Holds the lease until the open transaction of a connection ends, whoever's connection it is.</summary>
    public async Task HoldAsync(NpgsqlConnection connection, SecretLease lease, CancellationToken cancellationToken)
    {
        await using var hold = new NpgsqlCommand(Sql(Hold), connection);
        hold.Parameters.Add(One(lease.Name));
        hold.Parameters.Add(One(lease.Token));
        if (await hold.ExecuteScalarAsync(cancellationToken) is null)
        {
            throw new LeaseLostException(lease.Name);
        }
    }

    /// <summary>Puts the schema into a statement.</summary>
    public string Sql(string statement) => _connections.Sql(statement);

    /// <summary>The connection string that the host configured, whatever credentials it uses meanwhile.</summary>
    public NpgsqlConnectionStringBuilder Configured()
    {
        using var scope = scopes.CreateScope();
        return new NpgsqlConnectionStringBuilder(_connections.Context(scope.ServiceProvider).Database.GetConnectionString());
    }

    /// <summary>Listens on the channel until it is cancelled or the connection is lost.</summary>
    public Task ListenAsync(Action<string> heard, Action connected, CancellationToken cancellationToken) =>
        _connections.ListenAsync(Channel, "platform secrets", heard, connected, cancellationToken);
}
