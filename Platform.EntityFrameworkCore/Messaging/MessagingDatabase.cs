using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.EntityFrameworkCore.Connections;
using Platform.Messaging;

namespace Platform.EntityFrameworkCore.Messaging;

/// <summary>The user's context as messaging sees it: its connections, and what its model says about schema and lanes.</summary>
internal sealed class MessagingDatabase(IServiceScopeFactory scopes, Type contextType, IOptions<MessagingOptions> options)
{
    private readonly StoreConnections _connections = new(scopes, contextType, typeof(Tables.OutboxEvent));

    // By reference: hashing the text would cost as much as the replacement.
    private readonly ConcurrentDictionary<string, string> _statements = new(ReferenceEqualityComparer.Instance);
    private int? _laneCount;
    private bool? _retries;

    public int LaneCount => _laneCount ??=
        _connections.Schema.Table.FindAnnotation(MessagingModel.LaneCountAnnotation)?.Value as int? ?? MessagingModel.DefaultLaneCount;

    /// <summary>The channel of LISTEN and NOTIFY.</summary>
    public string Channel => $"{_connections.Schema.Name}_messaging";

    /// <summary>The schema's name, quoted.</summary>
    public string Schema => _connections.Schema.Quoted;

    public bool Prepares => options.Value.PrepareStatements;

    /// <summary>Puts the schema into a statement, which has to be a constant: the result is kept.</summary>
    public string Sql(string statement) => _statements.GetOrAdd(statement, static (text, schema) => schema.Sql(text), _connections.Schema);

    public DbContext Context(IServiceProvider scope) => _connections.Context(scope);

    public Task<StoreConnection> OpenAsync(CancellationToken cancellationToken) => _connections.OpenAsync(cancellationToken);

    /// <summary>Makes the connection that listens and holds locks: outside any pool, so that closing it lets go of them.</summary>
    public Task<NpgsqlConnection> OpenDirectAsync(CancellationToken cancellationToken) =>
        _connections.OpenDirectAsync(options.Value.DirectConnectionString, adjust: null, cancellationToken);

    /// <summary>Runs a unit of work under the context's execution strategy, which may run it again.</summary>
    public async Task ExecuteAsync(Func<Task> unit)
    {
        if (_retries is false)
        {
            await unit();
            return;
        }

        await using var scope = scopes.CreateAsyncScope();
        var strategy = Context(scope.ServiceProvider).Database.CreateExecutionStrategy();
        _retries = strategy.RetriesOnFailure;
        await (_retries.Value ? strategy.ExecuteAsync(unit) : unit());
    }

    public async Task<NpgsqlBatch> PreparedAsync(NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        if (Prepares)
        {
            await batch.PrepareAsync(cancellationToken);
        }

        return batch;
    }

    public async Task<NpgsqlCommand> PreparedAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        if (Prepares)
        {
            await command.PrepareAsync(cancellationToken);
        }

        return command;
    }
}
