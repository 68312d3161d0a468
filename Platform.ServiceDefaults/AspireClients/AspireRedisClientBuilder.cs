using Microsoft.Extensions.Hosting;

namespace Aspire.StackExchange.Redis;

/// <summary>What was registered for Redis, for those who add to it.</summary>
/// <param name="hostBuilder">The host.</param>
/// <param name="settings">The settings in force.</param>
/// <param name="serviceKey">The key of the connection, if it is a keyed one.</param>
public sealed class AspireRedisClientBuilder(IHostApplicationBuilder hostBuilder, StackExchangeRedisSettings settings, string? serviceKey)
{
    /// <summary>The host.</summary>
    public IHostApplicationBuilder HostBuilder { get; } = hostBuilder;

    /// <summary>The settings in force.</summary>
    public StackExchangeRedisSettings Settings { get; } = settings;

    /// <summary>The key of the connection, if it is a keyed one.</summary>
    public string? ServiceKey { get; } = serviceKey;
}
