using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platform.EntityFrameworkCore.FeatureFlags.Tables;
using Platform.EntityFrameworkCore.Secrets.Routing;

namespace Platform.EntityFrameworkCore.FeatureFlags;

/// <summary>The user's context as feature flags see it: its connections, and the schema of the tables.</summary>
internal sealed class FlagDatabase(IServiceScopeFactory scopes, Type contextType)
{
    private Layout? _layout;

    /// <summary>The channel of LISTEN and NOTIFY.</summary>
    public string Channel => Known().Channel;

    /// <summary>Puts the schema into a statement.</summary>
    public string Sql(string statement) => statement.Replace("{schema}", Known().Schema, StringComparison.Ordinal);

    public async Task<FlagConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var scope = scopes.CreateAsyncScope();
        try
        {
            var context = (DbContext)scope.ServiceProvider.GetRequiredService(contextType);
            await context.Database.OpenConnectionAsync(cancellationToken);
            return new FlagConnection(scope, context);
        }
        catch
        {
            await scope.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes the connection that listens: outside any pool, and asked for life signs so that a peer that vanished is noticed.</summary>
    public async Task<NpgsqlConnection> OpenListenerAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var own = (NpgsqlConnection)((DbContext)scope.ServiceProvider.GetRequiredService(contextType)).Database.GetDbConnection();
        scope.ServiceProvider.GetService<DatabaseRoute>()?.Apply(own);
        var connection = own.CloneWith(new NpgsqlConnectionStringBuilder(own.ConnectionString)
        {
            Pooling = false,
            Enlist = false,
            Multiplexing = false,
            Timeout = 5,
            CommandTimeout = 5,
            KeepAlive = 15,
            TcpKeepAlive = true,
            ApplicationName = "platform flags",
        }.ConnectionString);
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

    private Layout Known()
    {
        if (_layout is { } known)
        {
            return known;
        }

        using var scope = scopes.CreateScope();
        var model = ((DbContext)scope.ServiceProvider.GetRequiredService(contextType)).Model;
        var schema = (model.FindEntityType(typeof(FlagRow))
            ?? throw new InvalidOperationException($"{contextType} has no tables for feature flags: call modelBuilder.ApplyFeatureFlags() in OnModelCreating."))
            .GetSchema() ?? "public";
        return _layout = new Layout($"\"{schema.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", $"{schema}_flags");
    }

    private sealed record Layout(string Schema, string Channel);
}

/// <summary>A connection of a context in a scope of its own.</summary>
internal sealed class FlagConnection(AsyncServiceScope scope, DbContext context) : IAsyncDisposable
{
    public DbContext Context => context;

    public NpgsqlConnection Connection { get; } = (NpgsqlConnection)context.Database.GetDbConnection();

    public ValueTask DisposeAsync() => scope.DisposeAsync();
}
