using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Platform.FeatureFlags;

namespace Platform.ServiceDefaults.FeatureFlags;

/// <summary>
/// Loads the flags before the host takes requests, and follows changes: told by Redis, by the database, by a commit in this process, and found by
/// a poll where nobody tells. Each of them only says that there is something to read.
/// </summary>
internal sealed class FlagRefresh(
    LiveFlags live,
    FlagServing serving,
    FlagFile file,
    FlagRedis redis,
    IConfiguration configuration,
    IOptions<FeatureFlagOptions> options,
    TimeProvider time,
    ILogger<FlagRefresh> logger,
    ILogger<FlagTelemetry> telemetryLogger,
    IFlagFeed? feed = null) : BackgroundService, IFlagAnnouncer
{
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(5);

    /// <summary>How long a start that has a file waits for the first word of the database, also where that hangs.</summary>
    private static readonly TimeSpan FileGrace = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _news = new(0, 1);
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private StoredFlags? _saved;
    private readonly SemaphoreSlim _unsaved = new(0, 1);
    private IDisposable? _reloads;
    private long _heard;
    private volatile bool _databaseTells;
    private volatile bool _databaseAway = true;

    /// <summary>The database did not answer when it was asked last.</summary>
    public bool DatabaseAway => _databaseAway;

    /// <summary>There is a database to follow at all.</summary>
    public bool FollowsDatabase => feed is not null;

    /// <summary>Somebody tells of changes, so that polling is only a safety net.</summary>
    public bool IsTold => _databaseTells || redis.Lives;

    /// <summary>A change that was committed here is in use here before its author gets the answer.</summary>
    public void Announce(StoredFlags flags)
    {
        ArgumentNullException.ThrowIfNull(flags);
        if (_databaseAway || serving.Source != FlagSource.Database || !serving.TakeStored(flags))
        {
            Look();
            return;
        }

        Save();
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        live.Tell(new FlagTelemetry(telemetryLogger, options.Value.EvaluationLogRatio));
        serving.TakeConfiguration();
        _reloads = ChangeToken.OnChange(configuration.GetReloadToken, serving.TakeConfiguration);
        var saved = feed is null ? null : file.Read();
        if (saved is { } found)
        {
            serving.TakeFile(found.Flags, found.SavedAt);
        }

        await base.StartAsync(cancellationToken);
        if (feed is not null)
        {
            Look();
            var (answer, limit) = saved is null ? (serving.FromDatabase, options.Value.StartTimeout) : (_asked.Task, FileGrace);
            await Task.WhenAny(answer, Task.Delay(limit, time, cancellationToken));
            if (serving.Source != FlagSource.Database)
            {
                Log.StartedWithout(logger, serving.Source, serving.Stored.Version);
            }
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _reloads?.Dispose();
        await base.StopAsync(cancellationToken);
        if (_unsaved.CurrentCount > 0)
        {
            file.Write(serving.Stored);
        }
    }

    public override void Dispose()
    {
        _reloads?.Dispose();
        _news.Dispose();
        _unsaved.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (feed is not null)
        {
            await Task.WhenAll(FollowAsync(feed, stoppingToken), ListenAsync(feed, stoppingToken), redis.ListenAsync(Look, Hear, stoppingToken), SaveAsync(stoppingToken))
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FollowAsync(IFlagFeed source, CancellationToken cancellationToken)
    {
        var backoff = TimeSpan.Zero;
        while (true)
        {
            var wait = backoff > TimeSpan.Zero ? Jittered(backoff) : IsTold ? options.Value.CheckInterval : options.Value.PollInterval;
            await WaitAsync(wait, cancellationToken);
            try
            {
                var read = await source.ReadAsync(serving.Stored, cancellationToken);
                if (!serving.TakeStored(read))
                {
                    Log.DatabaseIsOlder(logger, read.Version, serving.Stored.Version);
                }
                else
                {
                    Save();
                }

                if (_databaseAway)
                {
                    _databaseAway = false;
                    Log.DatabaseBack(logger, read.Version);
                }

                // Told of something that the read did not see yet: look again at once, a few times, then by the poll.
                var behind = Volatile.Read(ref _heard) > read.Version && backoff < FirstBackoff * 8;
                backoff = behind ? Next(backoff) : TimeSpan.Zero;
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested && failure is not OutOfMemoryException)
            {
                if (!_databaseAway || backoff == TimeSpan.Zero)
                {
                    Log.DatabaseAway(logger, serving.Stored.Version, failure);
                }

                _databaseAway = true;
                backoff = Next(backoff);
            }

            _asked.TrySetResult();
        }
    }

    private async Task ListenAsync(IFlagFeed source, CancellationToken cancellationToken)
    {
        var backoff = TimeSpan.Zero;
        while (true)
        {
            try
            {
                await source.ListenAsync(
                    () =>
                    {
                        _databaseTells = true;
                        backoff = TimeSpan.Zero;
                        Look();
                    },
                    Hear,
                    cancellationToken);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested && failure is not OutOfMemoryException)
            {
                Log.ListenerLost(logger, failure);
            }

            // Nobody may tell from now on: look, and wait no longer than a poll does.
            _databaseTells = false;
            Look();
            backoff = Next(backoff);
            await Task.Delay(Jittered(backoff), time, cancellationToken);
        }
    }

    /// <summary>Writes the file behind the changes, at most once a second, so that a burst costs one write.</summary>
    private async Task SaveAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _unsaved.WaitAsync(cancellationToken);
            file.Write(serving.Stored);
            await Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken);
        }
    }

    private async Task WaitAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var news = _news.WaitAsync(wait.Token);
        await Task.WhenAny(news, Task.Delay(limit, time, wait.Token));
        await wait.CancelAsync();
        await news.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private void Hear(long version)
    {
        InterlockedMax(ref _heard, version);
        if (version > serving.Stored.Version)
        {
            Look();
        }
    }

    private void Look() => Release(_news);

    private void Save()
    {
        if (!ReferenceEquals(Volatile.Read(ref _saved), serving.Stored))
        {
            Volatile.Write(ref _saved, serving.Stored);
            Release(_unsaved);
        }
    }

    private static void Release(SemaphoreSlim semaphore)
    {
        try
        {
            if (semaphore.CurrentCount == 0)
            {
                semaphore.Release();
            }
        }
        catch (Exception failure) when (failure is SemaphoreFullException or ObjectDisposedException)
        {
            // Somebody else said it meanwhile, or the host is gone.
        }
    }

    private static void InterlockedMax(ref long target, long value)
    {
        long seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }

    private static TimeSpan Next(TimeSpan backoff) =>
        backoff == TimeSpan.Zero ? FirstBackoff : backoff * 2 < LongestBackoff ? backoff * 2 : LongestBackoff;

    // Replicas that lost the database together do not come back together.
    private static TimeSpan Jittered(TimeSpan backoff) => backoff * (0.5 + (Random.Shared.NextDouble() / 2));
}
