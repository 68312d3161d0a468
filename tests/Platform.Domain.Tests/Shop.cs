using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Platform.Domain.DemoData;
using Platform.Domain.Persistence;
using Platform.Testing;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace Platform.Domain.Tests;

/// <summary>The business on a migrated database of its own with the demo data, as a host registers it.</summary>
internal sealed class Shop : IAsyncDisposable
{
    private static readonly DatabaseTemplate Template = new("domain", async (connectionString, cancellationToken) =>
    {
        await using var services = Services(connectionString);
        await using var scope = services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<PlatformDbContext>().Database.MigrateAsync(cancellationToken);
        await scope.ServiceProvider.GetRequiredService<DemoDataSeed>().RunAsync(cancellationToken);
    });

    private readonly TestDatabase _database;
    private readonly ServiceProvider _services;

    private Shop(TestDatabase database)
    {
        _database = database;
        _services = Services(database.ConnectionString);
    }

    public static async Task<Shop> OpenAsync(PostgresFixture postgres) => new(await postgres.CreateDatabaseAsync(Template));

    /// <summary>Runs something in a unit of work of its own.</summary>
    public async Task<TResult> InScopeAsync<TService, TResult>(Func<TService, Task<TResult>> work)
        where TService : notnull
    {
        await using var scope = _services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<TService>());
    }

    public Task<TResult> QueryAsync<TResult>(Func<PlatformDbContext, Task<TResult>> query) => InScopeAsync(query);

    /// <summary>The wire names of the events in the log, in their order.</summary>
    public Task<List<string>> EventsAsync() => QueryAsync(database => database.Database
        .SqlQueryRaw<string>("SELECT event_type AS \"Value\" FROM platform.core_outbox_event ORDER BY position").ToListAsync());

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _database.DisposeAsync();
    }

    private static ServiceProvider Services(string connectionString)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddLogging();
        services.AddDbContext<PlatformDbContext>(options =>
        {
            options.UseNpgsql(connectionString);
            options.UsePlatformConventions();
        });
        services.AddDomain();
        return services.BuildServiceProvider(validateScopes: true);
    }
}
