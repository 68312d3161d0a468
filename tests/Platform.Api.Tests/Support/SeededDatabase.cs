using Platform.Testing;

namespace Platform.Api.Tests.Support;

/// <summary>A database with the demo data, for the tests of a class.</summary>
public sealed class SeededDatabase(PostgresFixture postgres) : IAsyncLifetime
{
    public TestDatabase Database { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Database = await postgres.CreateDatabaseAsync(PlatformTemplate.Seeded);

    public ValueTask DisposeAsync() => Database.DisposeAsync();
}
