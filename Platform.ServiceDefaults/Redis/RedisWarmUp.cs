using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Platform.ServiceDefaults.Redis;

/// <summary>
/// Opens the connection beside the start rather than in it. With Redis away <c>Connect</c> blocks its caller for seconds; a host must come up
/// without Redis all the same. The connection is watched from here on.
/// </summary>
internal sealed class RedisWarmUp(IServiceProvider services, RedisWatch watch, ILogger<RedisWarmUp> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (services.GetRequiredService<IServiceProviderIsService>().IsService(typeof(IConnectionMultiplexer)))
        {
            new Thread(Open) { IsBackground = true, Name = "redis warm-up" }.Start();
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Open()
    {
        try
        {
            var redis = services.GetRequiredService<IConnectionMultiplexer>();
            watch.Attach(redis);
            if (!redis.IsConnected)
            {
                Log.Away(logger, null);
            }
        }
        catch (Exception failure) when (failure is RedisException or InvalidOperationException or ArgumentException)
        {
            // Disposed during the start, or without a connection string: it is said once, and the health check goes on saying it.
            Log.Away(logger, failure);
        }
    }
}
