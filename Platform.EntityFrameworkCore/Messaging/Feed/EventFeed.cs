using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.EntityFrameworkCore.Connections;
using Platform.Hosting;
using Platform.Messaging;
using Platform.Messaging.Feed;

namespace Platform.EntityFrameworkCore.Messaging.Feed;

/// <summary>
/// Follows the log by a cursor of this process alone, woken by the notifications that wake consumers; without listeners it only keeps up. An outage
/// costs time and no event: the cursor stays where it was.
/// </summary>
internal sealed class EventFeed(
    MessagingDatabase database, FeedLog log, EventCatalog catalog, IOptions<MessagingOptions> options, TimeProvider time, ILogger<EventFeed> logger)
    : BackgroundService, IEventFeed
{
    // A notification for each commit must not become a read for each commit.
    private static readonly TimeSpan Spacing = TimeSpan.FromMilliseconds(5);

    // How soon to look again for a transaction to end that others wait for.
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(10);

    // After this a process starts listening whoever else still holds a transaction open.
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly WakeSignal _joined = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Listener[] _listeners = [];
    private long _position = -1;

    public async Task<IDisposable> ListenAsync(Action<FeedEvent> listener, CancellationToken cancellationToken)
    {
        await _started.Task.WaitAsync(cancellationToken);

        // It joins before it knows where it begins, so that nothing falls between.
        var joining = new Listener(this, listener);
        Change(listeners => [.. listeners, joining]);
        try
        {
            var (_, settled) = await log.LookAsync(cancellationToken);
            joining.Begin(settled);
        }
        catch
        {
            joining.Dispose();
            throw;
        }

        _joined.Set();
        return joining;
    }

    public async Task<FeedHistory?> ReadAfterAsync(
        long position, IReadOnlyCollection<string> eventTypes, int limit, CancellationToken cancellationToken)
    {
        if (!await log.IsKeptAsync(position, cancellationToken))
        {
            return null;
        }

        // Up to what is settled by now, wherever this process's own cursor is: who joined before this was called begins no later, and hears the rest.
        var (_, settled) = await log.LookAsync(cancellationToken);
        var end = Math.Max(settled, position);
        string[] passedOver = [.. catalog.Names.Except(eventTypes, StringComparer.Ordinal)];
        var events = new List<FeedEvent>();
        var upTo = position;
        while (upTo < end)
        {
            var read = await log.ReadAsync(upTo, passedOver, cancellationToken);
            events.AddRange(read.Events.Where(found => found.Envelope.Position <= end));
            if (events.Count > limit)
            {
                return null;
            }

            upTo = read.UpTo;
        }

        return new FeedHistory(events, end);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        PersistentLoop.RunAsync(FollowAsync, exception => Log.FeedInterrupted(logger, exception), Pause, time, stoppingToken);

    private async Task FollowAsync(CancellationToken stop)
    {
        await using var connection = await database.OpenDirectAsync(stop);
        await using (var listen = new NpgsqlCommand($"SET application_name = 'platform event feed'; LISTEN \"{database.Channel}\"", connection))
        {
            await listen.ExecuteNonQueryAsync(stop);
        }

        if (_position < 0)
        {
            _position = await FindStartAsync(stop);
            _started.TrySetResult();
        }

        while (true)
        {
            var wait = await CatchUpAsync(stop) ? Settling : options.Value.PollInterval;
            await WaitAsync(connection, wait, stop);
        }
    }

    // Events of transactions that run now, and commit before anybody listens, belong to nobody here.
    private async Task<long> FindStartAsync(CancellationToken stop)
    {
        var (start, settled) = await log.LookAsync(stop);
        var started = time.GetTimestamp();
        while (settled < start && time.GetElapsedTime(started) < LongestStart)
        {
            await Task.Delay(Settling, time, stop);
            (_, settled) = await log.LookAsync(stop);
        }

        return start;
    }

    // True when a transaction that runs now holds up what lies behind.
    private async Task<bool> CatchUpAsync(CancellationToken stop)
    {
        FeedRead read;
        do
        {
            read = await log.ReadAsync(_position, [], stop);
            foreach (var found in read.Events)
            {
                foreach (var listener in Volatile.Read(ref _listeners))
                {
                    listener.Tell(found);
                }
            }

            _position = read.UpTo;
        }
        while (read.More);

        return read.Unsettled;
    }

    private void Change(Func<Listener[], Listener[]> change)
    {
        lock (_gate)
        {
            Volatile.Write(ref _listeners, change(_listeners));
        }
    }

    private Task WaitAsync(NpgsqlConnection connection, TimeSpan longest, CancellationToken stop) => NoticeWait.UntilAsync(
        _joined,
        longest,
        time,
        async token =>
        {
            do
            {
                await connection.NextNoticeAsync(token);
            }
            while (Volatile.Read(ref _listeners).Length == 0);
            await Task.Delay(Spacing, time, token);
        },
        stop);

    private sealed class Listener(EventFeed feed, Action<FeedEvent> tell) : IDisposable
    {
        private readonly Lock _gate = new();
        private List<FeedEvent>? _early = [];
        private long _after;
        private bool _left;

        /// <summary>Tells of what lies behind a position, beginning with what came meanwhile.</summary>
        public void Begin(long position)
        {
            lock (_gate)
            {
                _after = position;
                foreach (var found in Interlocked.Exchange(ref _early, null)!)
                {
                    Pass(found);
                }
            }
        }

        public void Tell(FeedEvent found)
        {
            lock (_gate)
            {
                if (_early is not null)
                {
                    _early.Add(found);
                    return;
                }

                Pass(found);
            }
        }

        public void Dispose()
        {
            lock (_gate)
            {
                _left = true;
            }

            feed.Change(listeners => [.. listeners.Where(other => other != this)]);
        }

        private void Pass(FeedEvent found)
        {
            if (!_left && found.Envelope.Position > _after)
            {
                tell(found);
            }
        }
    }
}
