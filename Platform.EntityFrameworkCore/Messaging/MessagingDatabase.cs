using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.EntityFrameworkCore.Secrets.Routing;
using Platform.Messaging;

namespace Platform.EntityFrameworkCore.Messaging;

/// <summary>The user's context as messaging sees it: its connections, and what its model says about schema and lanes.</summary>
internal sealed class MessagingDatabase(IServiceScopeFactory scopes, Type contextType, IOptions<MessagingOptions> options)
{
    // By reference: hashing the text would cost as much as the replacement.
    private readonly ConcurrentDictionary<string, string> _statements = new(ReferenceEqualityComparer.Instance);
    private readonly Lock _gate = new();
    private Layout? _layout;
    private bool? _retries;

    public int LaneCount => (_layout ?? ReadLayout()).LaneCount;

    /// <summary>The channel of LISTEN and NOTIFY.</summary>
    public string Channel => (_layout ?? ReadLayout()).Channel;

    /// <summary>The schema's name, quoted.</summary>
    public string Schema => (_layout ?? ReadLayout()).Schema;

    public bool Prepares => options.Value.PrepareStatements;

    /// <summary>Puts the schema into a statement, which has to be a constant: the result is kept.</summary>
    public string Sql(string statement) => _statements.GetOrAdd(
        statement, static (text, schema) => text.Replace("{schema}", schema, StringComparison.Ordinal), Schema);

    public DbContext Context(IServiceProvider scope) => (DbContext)scope.GetRequiredService(contextType);

    public async Task<OpenContext> OpenAsync(CancellationToken cancellationToken)
    {
        var scope = scopes.CreateAsyncScope();
        try
        {
            var context = Context(scope.ServiceProvider);
            await context.Database.OpenConnectionAsync(cancellationToken);
            return new OpenContext(scope, context);
        }
        catch
        {
            await scope.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes the connection that listens and holds locks: outside any pool, so that closing it lets go of them.</summary>
    public async Task<NpgsqlConnection> OpenDirectAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var own = (NpgsqlConnection)Context(scope.ServiceProvider).Database.GetDbConnection();
        scope.ServiceProvider.GetService<DatabaseRoute>()?.Apply(own);
        var settings = new NpgsqlConnectionStringBuilder(options.Value.DirectConnectionString ?? own.ConnectionString)
        {
            Pooling = false,
            Enlist = false,
            Multiplexing = false,
            Timeout = 5,
            CommandTimeout = 5,
        };
        var connection = options.Value.DirectConnectionString is null
            ? own.CloneWith(settings.ConnectionString)
            : new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

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

    private Layout ReadLayout()
    {
        lock (_gate)
        {
            if (_layout is not null)
            {
                return _layout;
            }

            using var scope = scopes.CreateScope();
            IReadOnlyModel model = Context(scope.ServiceProvider).Model;
            if (model.FindEntityType(typeof(Tables.OutboxEvent)) is not { } outbox)
            {
                throw new InvalidOperationException($"{contextType} has no tables for messaging: call modelBuilder.ApplyMessaging() in OnModelCreating.");
            }

            var schema = outbox.GetSchema() ?? "public";
            return _layout = new Layout(
                $"\"{schema.Replace("\"", "\"\"", StringComparison.Ordinal)}\"",
                outbox.FindAnnotation(MessagingModel.LaneCountAnnotation)?.Value as int? ?? MessagingModel.DefaultLaneCount,
                $"{schema}_messaging");
        }
    }

    private sealed record Layout(string Schema, int LaneCount, string Channel);
}

/// <summary>A context in a scope of its own, with its connection open.</summary>
internal sealed class OpenContext(AsyncServiceScope scope, DbContext context) : IAsyncDisposable
{
    public DbContext Context => context;

    public IServiceProvider Services => scope.ServiceProvider;

    public NpgsqlConnection Connection => (NpgsqlConnection)context.Database.GetDbConnection();

    public ValueTask DisposeAsync() => scope.DisposeAsync();
}
