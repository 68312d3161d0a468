using Platform.GraphQL.Tests.Hosting;
using Platform.Testing;

namespace Platform.GraphQL.Tests.Limits;

/// <summary>The service with small budgets.</summary>
public class BudgetHost(PostgresFixture postgres) : PlatformHost(postgres)
{
    protected override IEnumerable<(string Key, string Value)> Settings =>
    [
        ("Cost:Client:PerRequest", "100"), ("Cost:Client:PerMinute", "1000"), ("Cost:Staff:PerRequest", "500"), ("Cost:Staff:PerMinute", "5000"), ("Cost:Refusal", "100"),
    ];
}

/// <summary>Another replica of it, with Redis.</summary>
internal sealed class BudgetReplica(PostgresFixture postgres, string redis, PlatformHost sameAs) : BudgetHost(postgres)
{
    protected override string? Redis => redis;

    public static async Task<BudgetReplica> StartAsync(PostgresFixture postgres, string redis, PlatformHost sameAs)
    {
        var replica = new BudgetReplica(postgres, redis, sameAs);
        await replica.InitializeAsync();
        return replica;
    }

    protected override Task<TestDatabase> OpenDatabaseAsync() => Task.FromResult(sameAs.Database);

    protected override ValueTask CloseDatabaseAsync() => ValueTask.CompletedTask;
}
