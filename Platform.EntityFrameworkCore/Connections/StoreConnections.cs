using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NpgsqlTypes;
using Platform.EntityFrameworkCore.Secrets.Routing;

namespace Platform.EntityFrameworkCore.Connections;

/// <summary>Connections of the user's context for a store that speaks SQL itself, and the schema that the context's model gives its tables.</summary>
internal sealed class StoreConnections(IServiceScopeFactory scopes, Type contextType, Type row)
{
    private TableSchema? _schema;

    /// <summary>The schema of the tables.</summary>
    public TableSchema Schema
    {
        get
        {
            if (_schema is { } known)
            {
                return known;
            }

            using var scope = scopes.CreateScope();
            return SchemaOf(Context(scope.ServiceProvider));
        }
    }

    /// <summary>Puts the schema into a statement, in place of <c>{schema}</c>.</summary>
    public string Sql(string statement) => Schema.Sql(statement);

    /// <summary>The context of a scope.</summary>
    public DbContext Context(IServiceProvider scope) => (DbContext)scope.GetRequiredService(contextType);

    /// <summary>Makes a context in a scope of its own, which opens its connection when it needs it.</summary>
    public StoreConnection Create()
    {
        var scope = scopes.CreateAsyncScope();
        try
        {
            var context = Context(scope.ServiceProvider);
            return new StoreConnection(scope, context, SchemaOf(context));
        }
        catch
        {
            scope.Dispose();
            throw;
        }
    }

    /// <summary>Opens a connection of a context in a scope of its own.</summary>
    public async Task<StoreConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var open = Create();
        try
        {
            await open.Context.Database.OpenConnectionAsync(cancellationToken);
            return open;
        }
        catch
        {
            await open.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a unit of work on a connection of its own, again where the context's execution strategy says so.</summary>
    public async Task<TResult> RunAsync<TResult>(
        Func<NpgsqlConnection, CancellationToken, Task<TResult>> work, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = Context(scope.ServiceProvider);
        return await context.Database.CreateExecutionStrategy().ExecuteAsync(
            (context, work),
            static async (state, cancellation) =>
            {
                await state.context.Database.OpenConnectionAsync(cancellation);
                try
                {
                    return await state.work((NpgsqlConnection)state.context.Database.GetDbConnection(), cancellation);
                }
                finally
                {
                    await state.context.Database.CloseConnectionAsync();
                }
            },
            cancellationToken);
    }

    /// <summary>Opens a connection outside any pool, which listens or holds locks: closing it lets go of them.</summary>
    /// <param name="connectionString">Of another way to the server; the context's own where it is null.</param>
    /// <param name="adjust">What is special about the connection.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<NpgsqlConnection> OpenDirectAsync(
        string? connectionString, Action<NpgsqlConnectionStringBuilder>? adjust, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var own = (NpgsqlConnection)Context(scope.ServiceProvider).Database.GetDbConnection();
        var settings = new NpgsqlConnectionStringBuilder(connectionString ?? own.ConnectionString)
        {
            Pooling = false,
            Enlist = false,
            Multiplexing = false,
            Timeout = 5,
            CommandTimeout = 5,
        };
        adjust?.Invoke(settings);
        var connection = connectionString is null ? own.CloneWith(settings.ConnectionString) : new NpgsqlConnection(settings.ConnectionString);
        scope.ServiceProvider.GetService<DatabaseRoute>()?.Apply(connection);
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

    /// <summary>Listens on a channel until it is cancelled or the connection is lost; a peer that vanished is noticed by its missing life signs.</summary>
    /// <param name="channel">The channel of LISTEN and NOTIFY.</param>
    /// <param name="applicationName">What the connection calls itself at the server.</param>
    /// <param name="heard">Told of each notification.</param>
    /// <param name="connected">Told when it listens: what was committed before told nobody here (PostgreSQL manual, "LISTEN").</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task ListenAsync(
        string channel, string applicationName, Action<string> heard, Action connected, CancellationToken cancellationToken)
    {
        await using var connection = await OpenDirectAsync(
            connectionString: null,
            settings =>
            {
                settings.KeepAlive = 15;
                settings.TcpKeepAlive = true;
                settings.ApplicationName = applicationName;
            },
            cancellationToken);
        connection.Notification += (_, notification) => heard(notification.Payload);
        await using (var listen = new NpgsqlCommand($"SET idle_session_timeout = 0; LISTEN \"{channel}\"", connection))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        connected();
        while (true)
        {
            await connection.NextNoticeAsync(cancellationToken);
        }
    }

    private TableSchema SchemaOf(DbContext context) => _schema ??= TableSchema.Of(context, row);
}

/// <summary>A context in a scope of its own, and its connection, which goes back to the pool when this is disposed of.</summary>
internal sealed class StoreConnection(AsyncServiceScope scope, DbContext context, TableSchema schema) : IAsyncDisposable
{
    public DbContext Context => context;

    public IServiceProvider Services => scope.ServiceProvider;

    public NpgsqlConnection Connection { get; } = (NpgsqlConnection)context.Database.GetDbConnection();

    /// <summary>Makes a command; <c>{schema}</c> in it is the schema's quoted name, which comes from the model.</summary>
    public NpgsqlCommand Command(string statement, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlCommand(schema.Sql(statement), Connection);
        command.Parameters.AddRange(parameters);
        return command;
    }

    /// <summary>Makes a command of a batch.</summary>
    public NpgsqlBatchCommand Part(string statement, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlBatchCommand(schema.Sql(statement));
        command.Parameters.AddRange(parameters);
        return command;
    }

    public ValueTask DisposeAsync() => scope.DisposeAsync();

    public static NpgsqlParameter<T> One<T>(T value) => new() { TypedValue = value };

    /// <summary>Text that may be missing.</summary>
    public static NpgsqlParameter Text(string? value) => new() { Value = value ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
}
