using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.RateLimiting;
using Platform.Telemetry;
using StackExchange.Redis;

namespace Platform.ServiceDefaults.RateLimiting;

/// <summary>Holds limits for all replicas: one round trip, one script, so no two requests see the same state.</summary>
/// <remarks>Without Redis, or when it is slow, this process decides by itself with its share of the limit. Thread safe.</remarks>
internal sealed class RedisRates(
    IServiceProvider services, LocalRates local, IOptions<RateLimitOptions> options, TimeProvider time, ILogger<RedisRates> logger)
{
    // The arithmetic of CellRate. ARGV: the present, the window, the cost of what is asked for; in microseconds, which a double holds exactly.
    private const string Script = """
        local now, window, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
        local allowed, from = 1, {}
        for i = 1, #KEYS do
            from[i] = math.max(tonumber(redis.call('GET', KEYS[i]) or '0'), now)
            if from[i] + cost - now > window + 0.5 then allowed = 0 end
        end
        local debt = 0
        for i = 1, #KEYS do
            local next = from[i]
            if allowed == 1 then
                next = next + cost
                redis.call('SET', KEYS[i], string.format('%.3f', next), 'PX', string.format('%.0f', math.ceil((next - now) / 1000)))
            end
            if next - now > debt then debt = next - now end
        end
        return { allowed, string.format('%.0f', debt) }
        """;

    private const string Return = """
        local now, cost = tonumber(ARGV[1]), tonumber(ARGV[2])
        for i = 1, #KEYS do
            local next = tonumber(redis.call('GET', KEYS[i]) or '0') - cost
            if next > now then
                redis.call('SET', KEYS[i], string.format('%.3f', next), 'PX', string.format('%.0f', math.ceil((next - now) / 1000)))
            else
                redis.call('DEL', KEYS[i])
            end
        end
        """;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private IConnectionMultiplexer? _redis;
    private int _opening;
    private long _askAgainAt;

    /// <summary>Decides on a request that counts for several callers: it passes when it does for all, and else counts for none.</summary>
    /// <param name="keys">The callers.</param>
    /// <param name="limit">The limit of each.</param>
    /// <param name="quantity">How much of the limit it takes.</param>
    public ValueTask<RateDecision> TakeAsync(IReadOnlyList<string> keys, RateLimit limit, long quantity = 1) =>
        Connected() is { } redis && time.GetTimestamp() >= Volatile.Read(ref _askAgainAt)
            ? new(SharedAsync(redis, keys, limit, quantity))
            : new(local.Take(keys, limit, options.Value.Replicas, quantity));

    private async Task<RateDecision> SharedAsync(IConnectionMultiplexer redis, IReadOnlyList<string> keys, RateLimit limit, long quantity)
    {
        var started = time.GetTimestamp();
        try
        {
            return await AskAsync(redis, keys, limit, quantity).WaitAsync(options.Value.RedisTimeout, time);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or InvalidCastException)
        {
            Log.Local(logger, exception);
            Volatile.Write(ref _askAgainAt, time.GetTimestamp() + (long)(Pause.TotalSeconds * time.TimestampFrequency));
        }
        finally
        {
            WorkTime.Current?.AddRedis(time.GetElapsedTime(started));
        }

        return local.Take(keys, limit, options.Value.Replicas, quantity);
    }

    /// <summary>Gives back what a request took that turned out to cost nothing. Redis is told, and not waited for.</summary>
    /// <param name="keys">The callers.</param>
    /// <param name="limit">The limit of each.</param>
    public void GiveBack(IReadOnlyList<string> keys, RateLimit limit)
    {
        if (Connected() is { } redis && time.GetTimestamp() >= Volatile.Read(ref _askAgainAt))
        {
            _ = redis.GetDatabase().ScriptEvaluateAsync(
                Return, [.. keys.Select(key => (RedisKey)key)], [Now(), limit.Window.TotalMicroseconds / limit.Limit], CommandFlags.FireAndForget);
        }
        else
        {
            local.GiveBack(keys, limit, options.Value.Replicas);
        }
    }

    private double Now() => Math.Floor((time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMicroseconds);

    private async Task<RateDecision> AskAsync(IConnectionMultiplexer redis, IReadOnlyList<string> keys, RateLimit limit, long quantity)
    {
        var window = limit.Window.TotalMicroseconds;
        var answer = (RedisResult[])(await redis.GetDatabase().ScriptEvaluateAsync(
            Script, [.. keys.Select(key => (RedisKey)key)], [Now(), window, window / limit.Limit * quantity]))!;
        return CellRate.Explain(limit, (int)answer[0] == 1, (double)answer[1], quantity);
    }

    // Connecting blocks while Redis is away, so it happens on a thread of its own.
    private IConnectionMultiplexer? Connected()
    {
        if (_redis is null && Interlocked.Exchange(ref _opening, 1) == 0 && services.GetRequiredService<IServiceProviderIsService>().IsService(typeof(IConnectionMultiplexer)))
        {
            new Thread(Open) { IsBackground = true, Name = "rate limits' redis" }.Start();
        }

        return _redis is { IsConnected: true } redis ? redis : null;
    }

    private void Open()
    {
        try
        {
            _redis = services.GetRequiredService<IConnectionMultiplexer>();
        }
        catch (Exception exception) when (exception is RedisException or InvalidOperationException or ArgumentException)
        {
            Log.Local(logger, exception);
            Volatile.Write(ref _opening, 0);
        }
    }
}
