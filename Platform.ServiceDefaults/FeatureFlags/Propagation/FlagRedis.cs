using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.FeatureFlags;
using StackExchange.Redis;

namespace Platform.ServiceDefaults.FeatureFlags;

/// <summary>Changes over Redis, where the host has it: faster than the database's notifications, and there when those are not.</summary>
internal sealed class FlagRedis(IServiceProvider services, TimeProvider time, ILogger<FlagRedis> logger) : IFlagAnnouncer
{
    private static readonly RedisChannel Channel = RedisChannel.Literal("platform:flags");
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    private IConnectionMultiplexer? _redis;
    private volatile bool _lives;

    /// <summary>Messages arrive here at present.</summary>
    public bool Lives => _lives;

    public void Announce(StoredFlags flags)
    {
        ArgumentNullException.ThrowIfNull(flags);
        try
        {
            Volatile.Read(ref _redis)?.GetSubscriber().Publish(
                Channel, flags.Version.ToString(CultureInfo.InvariantCulture), CommandFlags.FireAndForget);
        }
        catch (Exception failure) when (failure is RedisException or ObjectDisposedException or TimeoutException)
        {
            Log.NotAnnounced(logger, failure);
        }
    }

    /// <summary>Subscribes, and stays so until it is cancelled.</summary>
    /// <param name="look">Called when messages arrive from now on, or no longer do: what was missed has to be asked for.</param>
    /// <param name="heard">Called with each version.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task ListenAsync(Action look, Action<long> heard, CancellationToken cancellationToken)
    {
        if (!services.GetRequiredService<IServiceProviderIsService>().IsService(typeof(IConnectionMultiplexer)))
        {
            return;
        }

        // To connect blocks its thread for seconds while Redis is away.
        await Task.Factory.StartNew(Connect, cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (_redis is not { } redis)
        {
            return;
        }

        redis.ConnectionFailed += (_, change) =>
        {
            if (change.ConnectionType == ConnectionType.Subscription)
            {
                _lives = false;
                look();
            }
        };
        redis.ConnectionRestored += (_, change) =>
        {
            if (change.ConnectionType == ConnectionType.Subscription)
            {
                _lives = true;
                _ = SettleAsync(look, cancellationToken);
            }
        };
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await redis.GetSubscriber().SubscribeAsync(Channel, (_, message) =>
                {
                    if (long.TryParse((string?)message, NumberStyles.None, CultureInfo.InvariantCulture, out var version))
                    {
                        heard(version);
                    }
                });
                _lives = redis.GetSubscriber().IsConnected(Channel);
                look();
                return;
            }
            catch (Exception failure) when (failure is RedisException or TimeoutException)
            {
                await Task.Delay(Retry, time, cancellationToken);
            }
        }
    }

    /// <summary>The client subscribes again after the connection is back, and does not say when it has: so ask now, and once more a little later.</summary>
    private async Task SettleAsync(Action look, CancellationToken cancellationToken)
    {
        look();
        await Task.Delay(Settling, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        look();
    }

    private void Connect()
    {
        try
        {
            Volatile.Write(ref _redis, services.GetRequiredService<IConnectionMultiplexer>());
        }
        catch (Exception failure) when (failure is RedisException or InvalidOperationException or ArgumentException)
        {
            // Disposed during the start, or without a connection string; the health check says so.
            Log.NotAnnounced(logger, failure);
        }
    }
}
