using Platform.GraphQL.Tests.Hosting;
using Platform.Testing;

namespace Platform.GraphQL.Tests.PersistedDocuments;

/// <summary>One replica of the service, over a database of its own or that of another replica.</summary>
internal sealed class Replica(
    PostgresFixture postgres, string? redis = null, PlatformHost? sameAs = null, params (string Key, string Value)[] settings) : PlatformHost(postgres)
{
    protected override string? Redis => redis;

    protected override IEnumerable<(string Key, string Value)> Settings =>
        settings.Select(setting => ($"PersistedDocuments:{setting.Key}", setting.Value));

    public static async Task<Replica> StartAsync(
        PostgresFixture postgres, string? redis = null, PlatformHost? sameAs = null, params (string Key, string Value)[] settings)
    {
        var replica = new Replica(postgres, redis, sameAs, settings);
        await replica.InitializeAsync();
        return replica;
    }

    protected override Task<TestDatabase> OpenDatabaseAsync() => sameAs is null ? base.OpenDatabaseAsync() : Task.FromResult(sameAs.Database);

    protected override ValueTask CloseDatabaseAsync() => sameAs is null ? base.CloseDatabaseAsync() : ValueTask.CompletedTask;
}
