using Platform.Testing;

namespace Platform.TokenBinding.Tests.Support;

/// <summary>Two replicas for the tests of a class. They hear of revoked tokens from Redis, and not by looking.</summary>
public sealed class BoundPair(PostgresFixture postgres, RedisFixture redis) : IAsyncLifetime
{
    internal BoundApi Api { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Api = await BoundApi.StartAsync(
        postgres, redis, replicas: 2, settings: ("Platform:TokenBinding:RevocationPoll", "00:05:00"));

    public ValueTask DisposeAsync() => Api.DisposeAsync();
}
