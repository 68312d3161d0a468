using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Platform.ServiceDefaults.Logging;
using StackExchange.Redis;

namespace Platform.ServiceDefaults.Redis;

internal static class RedisExtensions
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Makes Redis optional, for connections that are added with <c>AddRedisClient</c> after this.</summary>
    public static void AddRedisDefaults(this IHostApplicationBuilder builder)
    {
        builder.Configuration.AddDefaults([new("Aspire:StackExchange:Redis:DisableAutoActivation", "true")]);
        builder.Services.ConfigureAll<ConfigurationOptions>(options =>
        {
            // Without a connection a command fails at once: who asks has another way, and must not wait for five seconds first.
            options.BacklogPolicy = BacklogPolicy.FailFast;
            options.ConnectTimeout = Math.Min(options.ConnectTimeout, (int)ConnectTimeout.TotalMilliseconds);
            options.ConnectRetry = 1;
        });
        builder.Services.AddSingleton<RedisSpans>();
        builder.Services.AddSingleton<RedisWatch>();
        builder.Services.AddHostedService<RedisWarmUp>();
    }
}
