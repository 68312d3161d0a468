using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Platform.EntityFrameworkCore.Connections;

/// <summary>Connections of the user's context for a store that speaks SQL itself, and the schema that the context's model gives its tables.</summary>
internal sealed class StoreConnections(IServiceScopeFactory scopes, Type contextType, Type row)
{
    private string? _schema;

    public async Task<StoreConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var scope = scopes.CreateAsyncScope();
        try
        {
            var context = (DbContext)scope.ServiceProvider.GetRequiredService(contextType);
            _schema ??= SchemaOf(context);
            await context.Database.OpenConnectionAsync(cancellationToken);
            return new StoreConnection(scope, (NpgsqlConnection)context.Database.GetDbConnection(), _schema);
        }
        catch
        {
            await scope.DisposeAsync();
            throw;
        }
    }

    private string SchemaOf(DbContext context)
    {
        var table = context.Model.FindEntityType(row)
            ?? throw new InvalidOperationException($"{contextType} has no table for {row.Name}: apply it in OnModelCreating.");
        return $"\"{(table.GetSchema() ?? "public").Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}

/// <summary>An open connection; goes back to the pool when disposed of.</summary>
internal sealed class StoreConnection(AsyncServiceScope scope, NpgsqlConnection connection, string schema) : IAsyncDisposable
{
    public NpgsqlConnection Connection => connection;

    /// <summary>Makes a command; <c>{schema}</c> in it is the schema's quoted name, which comes from the model.</summary>
    public NpgsqlCommand Command(string statement, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlCommand(Sql(statement), connection);
        command.Parameters.AddRange(parameters);
        return command;
    }

    /// <summary>Makes a command of a batch.</summary>
    public NpgsqlBatchCommand Part(string statement, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlBatchCommand(Sql(statement));
        command.Parameters.AddRange(parameters);
        return command;
    }

    public ValueTask DisposeAsync() => scope.DisposeAsync();

    public static NpgsqlParameter<T> One<T>(T value) => new() { TypedValue = value };

    private string Sql(string statement) => statement.Replace("{schema}", schema, StringComparison.Ordinal);
}
