using Microsoft.Extensions.DependencyInjection;
using Platform.Api.Tests.Support;
using Platform.Testing;

namespace Platform.Identity.Tests.Support;

/// <summary>One host for all classes that lock nobody out and change no password.</summary>
[CollectionDefinition(nameof(SharedHost))]
public sealed class SharedHost : ICollectionFixture<IdentityHost>;

/// <summary>The API with a database of its own and the users of Development.</summary>
public sealed class IdentityHost(PostgresFixture postgres) : IAsyncLifetime
{
    internal TestDatabase Database { get; private set; } = null!;

    internal ApiServer Server { get; private set; } = null!;

    internal CodeFlow Flow => new(Server);

    public async ValueTask InitializeAsync()
    {
        Database = await postgres.CreateDatabaseAsync(PlatformTemplate.Seeded);
        Server = new ApiServer(Database.ConnectionString);
        Server.StartServer();
    }

    internal Browser Browser() => new(Server);

    /// <summary>Does something with a service in a scope of its own.</summary>
    internal async Task<TResult> WithAsync<TService, TResult>(Func<TService, Task<TResult>> work)
        where TService : notnull
    {
        await using var scope = Server.Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<TService>());
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Database.DisposeAsync();
    }
}
