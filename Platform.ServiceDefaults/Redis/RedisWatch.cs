using System.Diagnostics;
using System.Diagnostics.Metrics;
using StackExchange.Redis;
using StackExchange.Redis.Profiling;

namespace Platform.ServiceDefaults.Redis;

/// <summary>
/// Measures what a connection to Redis does: commands within a span become spans, those of background work are measured alone. Instrumentation of
/// OpenTelemetry's own for StackExchange.Redis works on the same profiling.
/// </summary>
internal sealed class RedisWatch(IMeterFactory meters, TimeProvider time) : IDisposable
{
    private const int MaxBetweenDrains = 10_000;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ProfilingSession _background = new();
    private ITimer? _timer;
    private int _noted;

    /// <summary>Watches the host's connection from now on. Once.</summary>
    public void Attach(IConnectionMultiplexer redis)
    {
        RedisTelemetry.Observe(meters, redis);
        redis.RegisterProfiler(Session);
        _timer = time.CreateTimer(static state => ((RedisWatch)state!).Drain(), this, Interval, Interval);
    }

    public void Dispose() => _timer?.Dispose();

    private ProfilingSession? Session() => Activity.Current is { IsAllDataRequested: true, IsStopped: false } span ? SpanCommands.Next(span)
        : Interlocked.Increment(ref _noted) <= MaxBetweenDrains ? _background
        : null;

    private void Drain()
    {
        Volatile.Write(ref _noted, 0);
        foreach (var command in _background.FinishProfiling())
        {
            RedisTelemetry.Report(command, null);
        }
    }
}
