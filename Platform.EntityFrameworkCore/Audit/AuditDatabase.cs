using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Platform.EntityFrameworkCore.Audit;

/// <summary>The user's context as the audit trail sees it: connections of its own, and the schema of the tables.</summary>
internal sealed class AuditDatabase(IServiceScopeFactory scopes, Type contextType)
{
    private volatile string? _schema;

    public DbContext Context(IServiceProvider scope) => (DbContext)scope.GetRequiredService(contextType);

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

    /// <summary>Puts the schema into a statement.</summary>
    public string Sql(string statement) => statement.Replace("{schema}", _schema ??= ReadSchema(), StringComparison.Ordinal);

    private string ReadSchema()
    {
        using var scope = scopes.CreateScope();
        var entity = Context(scope.ServiceProvider).Model.FindEntityType(typeof(AuditRow))
            ?? throw new InvalidOperationException($"{contextType} has no audit tables: call modelBuilder.ApplyAudit() in OnModelCreating.");
        return $"\"{(entity.GetSchema() ?? "public").Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
