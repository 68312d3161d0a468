using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platform.Domain;
using Platform.Domain.Persistence;
using Platform.EntityFrameworkCore.FeatureFlags;
using Platform.Testing;

[assembly: AssemblyFixture(typeof(PostgresFixture))]
[assembly: AssemblyFixture(typeof(RedisFixture))]

namespace Platform.FeatureFlags.Tests.Store;

/// <summary>A migrated database with a store on it, or several that share it as replicas do.</summary>
internal sealed class FlagHouse : IAsyncDisposable
{
    public static readonly FlagAuthor Ada = new("ada", "a test");

    public static DatabaseTemplate Template { get; } = new("flags", async (connectionString, cancellationToken) =>
    {
        await using var services = Services(connectionString);
        await using var scope = services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<PlatformDbContext>().Database.MigrateAsync(cancellationToken);
    });

    private readonly TestDatabase _database;
    private readonly List<ServiceProvider> _replicas = [];

    private FlagHouse(TestDatabase database) => _database = database;

    public string ConnectionString => _database.ConnectionString;

    public IFlagStore Store => field ??= NewReplica().GetRequiredService<IFlagStore>();

    public static async Task<FlagHouse> OpenAsync(PostgresFixture postgres) => new(await postgres.CreateDatabaseAsync(Template));

    /// <summary>A process of its own, as far as the store can tell.</summary>
    public ServiceProvider NewReplica(Action<IServiceCollection>? configure = null)
    {
        var replica = Services(ConnectionString, configure);
        _replicas.Add(replica);
        return replica;
    }

    public Task<FlagCommit> EditAsync(Func<FlagDocument, FlagDocument> change) => Store.EditAsync(new FlagEdit(Ada, change));

    public Task<FlagCommit> PutAsync(params object[] definitions) =>
        EditAsync(document => definitions.Aggregate(document, (result, definition) => result.With(definition)));

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await _database.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var connection = await _database.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in _replicas)
        {
            await replica.DisposeAsync();
        }

        await _database.DisposeAsync();
    }

    private static ServiceProvider Services(string connectionString, Action<IServiceCollection>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddDbContext<PlatformDbContext>(options =>
        {
            options.UseNpgsql(connectionString);
            options.UsePlatformConventions();
        });
        services.AddFlagStore<PlatformDbContext>();
        configure?.Invoke(services);
        return services.BuildServiceProvider(validateScopes: true);
    }
}
