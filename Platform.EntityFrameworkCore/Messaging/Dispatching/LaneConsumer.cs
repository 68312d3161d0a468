using Microsoft.Extensions.Logging;
using Npgsql;
using Platform.EntityFrameworkCore.Messaging.Lanes;
using Platform.Messaging;
using Platform.Messaging.Transports;
using Platform.Resilience;

namespace Platform.EntityFrameworkCore.Messaging.Dispatching;

/// <summary>Handles what was read from lanes: in batches, split where one fails so that only the culprit is tried again.</summary>
internal sealed class LaneConsumer(
    Subscription subscription,
    SubscriptionOptions options,
    MessagingDatabase database,
    LaneTable lanes,
    DeferredTable deferred,
    DeadLetterTable deadLetters,
    EventCatalog catalog,
    IEventDispatcher dispatcher,
    SuspectGate suspects,
    ILogger<LaneConsumer> logger)
{
    // Owners that died twice in a row without getting anywhere: an accident is unlikely.
    private const int SuspectCrashes = 2;

    private const int ConflictTries = 3;

    private enum Fate
    {
        Handle,
        PassOver,
        WaitForTime,
        WaitBehind,
        Park,
    }

    /// <summary>Handles everything that was read, unless lanes are taken away meanwhile.</summary>
    /// <returns>The shortest delay of what has to be tried again.</returns>
    public async Task<TimeSpan?> HandleAsync(LaneRead read, IReadOnlyList<OwnedLane> owned, CancellationToken abort)
    {
        var queues = new LaneQueues(read, owned);
        TimeSpan? retry = null;
        bool found;
        do
        {
            var batch = queues.NextBatch(options.BatchSize, IsAlone);
            found = batch.Count > 0;
            if (found)
            {
                retry = Min(retry, await RangeAsync(batch, abort));
            }

            foreach (var item in queues.NextAlone(IsAlone))
            {
                found = true;
                retry = Min(retry, await OneAsync(item, abort));
            }
        }
        while (found);
        queues.Finish();
        return retry;
    }

    private async Task<TimeSpan?> RangeAsync(List<LaneItem> items, CancellationToken abort)
    {
        if (items.Count == 1)
        {
            return await OneAsync(items[0], abort);
        }

        try
        {
            await TogetherAsync(items, abort);
            return items.Exists(item => item.Event.Delayed) ? TimeSpan.Zero : null;
        }
        catch (EventFailedException failure)
        {
            Log.BatchSplit(logger, items.Count, subscription.Name, failure.Cause);
            TimeSpan? retry = null;
            foreach (var part in Split(items, failure.Index))
            {
                retry = Min(retry, await RangeAsync(part, abort));
            }

            return retry;
        }
    }

    private async Task<TimeSpan?> OneAsync(LaneItem item, CancellationToken abort)
    {
        if (item.Lane.Crashes < SuspectCrashes || FateOf(item) is not Fate.Handle)
        {
            return await OneRecordedAsync(item, abort);
        }

        // One at a time in the whole process, or an innocent neighbour would be counted along with the culprit.
        using (await suspects.EnterAsync(abort))
        {
            await using (var open = await database.OpenAsync(abort))
            {
                var tried = item.Lane.SuspectId == item.Envelope.Id ? item.Lane.SuspectAttempts : 0;
                if (tried >= Math.Min(options.MaxAttempts, SuspectGate.MaxCrashes))
                {
                    await ParkAsync(item, ParkedReason.Crashed, tried, new ProcessDiedException(tried), abort);
                    return null;
                }

                await lanes.SuspectAsync(open.Connection, item.Lane, item.Envelope.Id, tried + 1, abort);
            }

            return await OneRecordedAsync(item, abort);
        }
    }

    private async Task<TimeSpan?> OneRecordedAsync(LaneItem item, CancellationToken abort)
    {
        for (var conflicts = 1; ; conflicts++)
        {
            try
            {
                await TogetherAsync([item], abort);
                return item.Event.Delayed ? TimeSpan.Zero : null;
            }
            catch (EventFailedException failure)
            {
                if (Outage.IsConflict(failure.Cause) && conflicts < ConflictTries)
                {
                    continue;
                }

                return await FailedAsync(item, failure.Cause, abort);
            }
        }
    }

    /// <summary>Brings events over in one transaction, or, if it is one that calls the outside world, that one.</summary>
    private async Task TogetherAsync(List<LaneItem> items, CancellationToken abort)
    {
        var calls = new List<HandlerCall>(items.Count);
        List<NpgsqlBatchCommand>? writes = null;
        var ends = new Dictionary<OwnedLane, long>();
        List<LaneItem>? parked = null;
        foreach (var item in items)
        {
            ends[item.Lane] = item.Event.Position;
            switch (FateOf(item))
            {
                case Fate.Handle:
                    calls.Add(new HandlerCall(item.Envelope, subscription.Route(item.Envelope.EventType), Attempt: 1, item.Round, item.Lane.Epoch));
                    break;
                case Fate.WaitForTime:
                    (writes ??= []).Add(deferred.Defer(item.Envelope, blocking: false, 0, item.Envelope.AvailableAt, null, null));
                    break;
                case Fate.WaitBehind:
                    (writes ??= []).Add(deferred.Defer(item.Envelope, blocking: true, 0, null, null, null));
                    break;
                case Fate.Park:
                    (parked ??= []).Add(item);
                    (writes ??= []).Add(deadLetters.Park(
                        subscription.Name, item.Envelope, ParkedReason.UnknownType, 0, ErrorText.Of(new UnknownEventVersionException(item.Envelope.EventType))));
                    break;
            }
        }

        if (calls is [{ Route.Handler.OutsideWorld: true } call])
        {
            await dispatcher.OutsideAsync(call, ProgressAsync, abort);
        }
        else
        {
            await dispatcher.TogetherAsync(calls, ProgressAsync, abort);
        }

        foreach (var (lane, end) in ends)
        {
            Moved(lane, end);
        }

        parked?.ForEach(item => Parked(item, ParkedReason.UnknownType, 0, null));

        async Task ProgressAsync(NpgsqlConnection connection)
        {
            await WriteAsync(connection, writes, abort);
            await lanes.AdvanceAsync(connection, [.. ends.Keys], lane => ends[lane], abort);
        }
    }

    private async Task<TimeSpan?> FailedAsync(LaneItem item, Exception cause, CancellationToken abort)
    {
        if (cause is EventDeferredException closed)
        {
            await CommitAsync(item, deferred.Defer(item.Envelope, blocking: true, 0, null, closed.Delay, null), abort);
            item.Lane.Blocked.Add(item.Aggregate);
            return closed.Delay;
        }

        if (RetryLaterException.In(cause) is { } later)
        {
            var pause = later.PutOff();
            await CommitAsync(item, deferred.Defer(item.Envelope, blocking: true, 0, null, pause, ErrorText.Of(cause).Message), abort);
            item.Lane.Blocked.Add(item.Aggregate);
            Log.EventPutOff(logger, item.Envelope.Id, item.Envelope.EventType, subscription.Name, pause, later.Message);
            return pause;
        }

        if (options.MaxAttempts == 1)
        {
            await ParkAsync(item, ParkedReason.Failed, 1, cause, abort);
            return null;
        }

        var delay = options.DelayAfter(1);
        await CommitAsync(item, deferred.Defer(item.Envelope, blocking: true, 1, null, delay, ErrorText.Of(cause).Message), abort);
        item.Lane.Blocked.Add(item.Aggregate);
        Telemetry.Retried.Add(1, new KeyValuePair<string, object?>(Telemetry.SubscriptionTag, subscription.Name));
        Log.EventFailed(logger, item.Envelope.Id, item.Envelope.EventType, subscription.Name, 1, delay, cause);
        return delay;
    }

    private async Task ParkAsync(LaneItem item, ParkedReason reason, int attempts, Exception cause, CancellationToken abort)
    {
        await CommitAsync(item, deadLetters.Park(subscription.Name, item.Envelope, reason, attempts, ErrorText.Of(cause)), abort);
        Parked(item, reason, attempts, cause);
    }

    private async Task CommitAsync(LaneItem item, NpgsqlBatchCommand write, CancellationToken abort)
    {
        await using var open = await database.OpenAsync(abort);
        await using var transaction = await open.Connection.BeginTransactionAsync(abort);
        await WriteAsync(open.Connection, [write], abort);
        await lanes.AdvanceAsync(open.Connection, [item.Lane], _ => item.Event.Position, abort);
        await transaction.CommitAsync(CancellationToken.None);
        Moved(item.Lane, item.Event.Position);
    }

    private void Parked(LaneItem item, ParkedReason reason, int attempts, Exception? cause)
    {
        Telemetry.Parked.Add(1, new KeyValuePair<string, object?>(Telemetry.SubscriptionTag, subscription.Name));
        Log.EventParked(logger, item.Envelope.Id, item.Envelope.EventType, subscription.Name, attempts, reason.Wire, cause);
    }

    private bool IsAlone(OwnedLane lane, LaneEvent laneEvent) =>
        lane.Crashes >= SuspectCrashes || (!laneEvent.Delayed && subscription.Route(laneEvent.Envelope.EventType)?.Handler.Alone is true);

    private Fate FateOf(LaneItem item)
    {
        var route = subscription.Route(item.Envelope.EventType);
        if (route is null && !subscription.IsRelay && !subscription.HandlesOtherVersionOf(item.Envelope.EventType))
        {
            return catalog.Reader(item.Envelope.EventType) is null && options.UnknownEvents is UnknownEvents.Park ? Fate.Park : Fate.PassOver;
        }

        return item.Event.Delayed ? Fate.WaitForTime
            : item.Lane.Blocked.Contains(item.Aggregate) ? Fate.WaitBehind
            : Fate.Handle;
    }

    private static void Moved(OwnedLane lane, long position)
    {
        lane.Position = position;
        lane.SavedPosition = position;
        lane.Crashes = 0;
        lane.SuspectId = null;
    }

    private static async Task WriteAsync(NpgsqlConnection connection, List<NpgsqlBatchCommand>? writes, CancellationToken abort)
    {
        if (writes is null)
        {
            return;
        }

        await using var batch = new NpgsqlBatch(connection);
        writes.ForEach(batch.BatchCommands.Add);
        await batch.ExecuteNonQueryAsync(abort);
        batch.BatchCommands.Clear();
    }

    private static IEnumerable<List<LaneItem>> Split(List<LaneItem> items, int culprit)
    {
        var parts = culprit >= 0
            ? new[] { items[..culprit], items[culprit..(culprit + 1)], items[(culprit + 1)..] }
            : [items[..(items.Count / 2)], items[(items.Count / 2)..]];
        return parts.Where(part => part.Count > 0);
    }

    private static TimeSpan? Min(TimeSpan? left, TimeSpan? right) => left is null || right < left ? right ?? left : left;
}

/// <summary>The process ended each time while it handled this event.</summary>
internal sealed class ProcessDiedException(int times) : Exception($"The process ended {times} times while it handled this event.");
