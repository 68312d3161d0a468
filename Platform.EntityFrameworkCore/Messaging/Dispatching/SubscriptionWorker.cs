using Microsoft.Extensions.Logging;
using Platform.EntityFrameworkCore.Messaging.Lanes;
using Platform.Hosting;
using Platform.Messaging;
using Platform.Messaging.Transports;

namespace Platform.EntityFrameworkCore.Messaging.Dispatching;

/// <summary>
/// Works on some of the lanes that this process owns, one step after the other: due retries, then what is new. All state of its lanes is
/// its own, so nothing here needs a lock but the list of lanes.
/// </summary>
internal sealed class SubscriptionWorker(
    Subscription subscription,
    MessagingOptions options,
    Func<Action, ILaneSource> makeSource,
    LaneConsumer consumer,
    DeferredRetries retries,
    LaneTable table,
    Backlog backlog,
    MessagingDatabase database,
    TimeProvider time,
    Action laneLetGo,
    Action transactionsEnded,
    int batchSize,
    ILogger<SubscriptionWorker> logger)
{
    private const int FewestRead = 128;

    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstUnsettled = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestUnsettled = TimeSpan.FromMilliseconds(64);
    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly List<OwnedLane> _lanes = [];
    private readonly WakeSignal _wake = new();
    private ulong _mask;
    private long _dueAt;
    private volatile bool _lookForDue;
    private volatile bool _isUnsettled;
    private long _saved;

    /// <summary>Gives the worker a lane.</summary>
    public void Add(OwnedLane lane)
    {
        lock (_gate)
        {
            _lanes.Add(lane);
            _mask |= 1UL << lane.Lane;
        }

        WakeForDue();
    }

    public void Wake() => _wake.Set();

    /// <summary>Wakes the worker if one of the lanes is its own.</summary>
    public void Wake(ulong lanes)
    {
        if ((Volatile.Read(ref _mask) & lanes) != 0)
        {
            _wake.Set();
        }
    }

    /// <summary>Has the worker look at once for deferred events that are due, and whether its lanes are still its own.</summary>
    public void WakeForDue()
    {
        _lookForDue = true;
        _wake.Set();
    }

    /// <summary>Wakes the worker if it waits for a transaction to end that holds up what it has seen.</summary>
    public void WakeUnsettled()
    {
        if (_isUnsettled)
        {
            _wake.Set();
        }
    }

    /// <summary>Works on the lanes that it is given.</summary>
    /// <param name="stop">There will be no more lanes: ends once those here are let go.</param>
    /// <param name="abort">Ends at once.</param>
    public async Task RunAsync(CancellationToken stop, CancellationToken abort)
    {
        await using var source = makeSource(Wake);
        var backoff = TimeSpan.Zero;
        long unsettledSince = 0;
        while (!abort.IsCancellationRequested)
        {
            var wait = Jittered(options.PollInterval);
            try
            {
                var owned = await OwnedAsync(abort);
                if (owned.Count == 0)
                {
                    backlog.Forget();
                    await source.ReadAsync([], batchSize, abort);
                    if (stop.IsCancellationRequested)
                    {
                        return;
                    }

                    await _wake.WaitAsync(wait, time, stop);
                    continue;
                }

                var (busy, open) = await StepAsync(source, owned, abort);
                backoff = TimeSpan.Zero;
                // Where something came through, it is another transaction that holds up the rest.
                unsettledSince = !open ? 0 : unsettledSince == 0 || busy ? time.GetTimestamp() : unsettledSince;
                wait = busy ? TimeSpan.Zero : open ? UnsettledWait(unsettledSince) : Sooner(wait);
                _isUnsettled = open;
                if (busy)
                {
                    transactionsEnded();
                }
            }
            catch (LaneLostException)
            {
                await DropLostAsync(abort);
                continue;
            }
            catch (OperationCanceledException) when (abort.IsCancellationRequested || stop.IsCancellationRequested)
            {
                continue;
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                wait = backoff = Twice(backoff, FirstBackoff, LongestBackoff);
                Log.WorkerOutage(logger, subscription.Name, backoff, exception);
            }

            if (wait > TimeSpan.Zero)
            {
                await PauseAsync(wait, backoff > TimeSpan.Zero, stop, abort);
            }
        }
    }

    private async Task<(bool Busy, bool Unsettled)> StepAsync(ILaneSource source, List<OwnedLane> owned, CancellationToken abort)
    {
        var busy = false;
        if (_lookForDue || time.GetElapsedTime(_saved) >= SaveEvery)
        {
            await SaveAsync(owned, abort);
        }

        if (_lookForDue || time.GetTimestamp() >= _dueAt)
        {
            _lookForDue = false;
            var next = await retries.RunAsync(owned, abort);
            busy = next == TimeSpan.Zero;
            LookAgainIn(next ?? options.PollInterval);
        }

        var read = await source.ReadAsync([.. owned.Select(lane => new LaneCursor(lane.Lane, lane.Position, lane.LeastEpoch))], LimitFor(owned.Count), abort);
        if (await consumer.HandleAsync(read, owned, abort) is { } retry)
        {
            LookAgainIn(retry, orSooner: true);
        }

        await source.AcknowledgeAsync([.. owned.Select(lane => new LaneCursor(lane.Lane, lane.SavedPosition))], abort);
        return (busy || read.Events.Count > 0, read.Unsettled);
    }

    /// <summary>Saves how far lanes are that had nothing to handle, and notices when an operator moved a cursor.</summary>
    private async Task SaveAsync(List<OwnedLane> owned, CancellationToken abort)
    {
        await using (var open = await database.OpenAsync(abort))
        {
            await table.CheckAsync(open.Connection, owned, abort);
            await backlog.SampleAsync(open.Connection, owned, abort);
        }

        await SaveAsync(owned.FindAll(lane => lane.State is LaneState.Owned && lane.Position > lane.SavedPosition), release: false, abort);
        _saved = time.GetTimestamp();
    }

    /// <summary>Lets go of lanes that are to be released or are lost, and returns the others.</summary>
    private async Task<List<OwnedLane>> OwnedAsync(CancellationToken abort)
    {
        List<OwnedLane> leaving;
        lock (_gate)
        {
            leaving = _lanes.FindAll(lane => lane.State is not LaneState.Owned);
            if (leaving.Count == 0)
            {
                return [.. _lanes];
            }
        }

        try
        {
            await SaveAsync(leaving.FindAll(lane => lane.State is LaneState.Releasing), release: true, abort);
        }
        catch (LaneLostException)
        {
            // Then there is nothing left to save.
        }

        lock (_gate)
        {
            _lanes.RemoveAll(leaving.Contains);
            _mask = _lanes.Aggregate(0UL, (mask, lane) => mask | (1UL << lane.Lane));
            leaving.ForEach(lane => lane.State = lane.State is LaneState.Releasing ? LaneState.Released : lane.State);
            laneLetGo();
            return [.. _lanes];
        }
    }

    private async Task SaveAsync(List<OwnedLane> lanes, bool release, CancellationToken abort)
    {
        if (lanes.Count > 0)
        {
            await using var open = await database.OpenAsync(abort);
            await using var transaction = await open.Connection.BeginTransactionAsync(abort);
            await table.AdvanceAsync(open.Connection, lanes, lane => lane.Position, abort, release);
            await transaction.CommitAsync(CancellationToken.None);
            lanes.ForEach(lane => lane.SavedPosition = lane.Position);
        }
    }

    private async Task DropLostAsync(CancellationToken abort)
    {
        // Which one it was costs a look at each; it happens when a connection was cut, and then it is all of them.
        List<OwnedLane> owned;
        lock (_gate)
        {
            owned = _lanes.FindAll(lane => lane.State is LaneState.Owned or LaneState.Releasing);
        }

        foreach (var lane in owned)
        {
            try
            {
                await SaveAsync([lane], release: false, abort);
            }
            catch (LaneLostException)
            {
                lane.State = LaneState.Lost;
                Log.LaneLost(logger, lane.Lane, subscription.Name);
            }
            catch (Exception exception) when (Outage.Is(exception))
            {
                return;
            }
        }
    }

    private async Task PauseAsync(TimeSpan wait, bool outage, CancellationToken stop, CancellationToken abort)
    {
        try
        {
            // During an outage wake-ups say nothing; otherwise they end the pause.
            await (outage ? Task.Delay(wait, time, stop) : _wake.WaitAsync(wait, time, stop));
        }
        catch (OperationCanceledException) when (!abort.IsCancellationRequested)
        {
            // Stopping: the next step lets go of the lanes, as soon as it gets through.
            if (outage)
            {
                await Task.Delay(FirstBackoff, time, CancellationToken.None);
            }
        }
        catch (OperationCanceledException)
        {
            // Aborted: the loop ends.
        }
    }

    // A read costs as much as a few transactions: small batches share it.
    private int LimitFor(int lanes) => Math.Max(1, Math.Max(Math.Max(batchSize * 4, FewestRead) / lanes, Math.Min(batchSize, 16)));

    private void LookAgainIn(TimeSpan delay, bool orSooner = false)
    {
        var at = time.GetTimestamp() + (long)(delay.TotalSeconds * time.TimestampFrequency);
        _dueAt = orSooner ? Math.Min(_dueAt, at) : at;
    }

    private TimeSpan Sooner(TimeSpan wait)
    {
        var due = TimeSpan.FromSeconds((double)(_dueAt - time.GetTimestamp()) / time.TimestampFrequency);
        return due < TimeSpan.Zero ? TimeSpan.Zero : due < wait ? due : wait;
    }

    // A quarter of the time already waited: what a transaction held up comes at most that much later than it could.
    private TimeSpan UnsettledWait(long since)
    {
        var wait = time.GetElapsedTime(since) / 4;
        return wait < FirstUnsettled ? FirstUnsettled : wait < LongestUnsettled ? wait : LongestUnsettled;
    }

    private static TimeSpan Twice(TimeSpan value, TimeSpan first, TimeSpan longest) =>
        value == TimeSpan.Zero ? first : value * 2 < longest ? value * 2 : longest;

    private static TimeSpan Jittered(TimeSpan interval) => interval * (0.75 + (Random.Shared.NextDouble() / 2));
}
