using Microsoft.Extensions.Logging;
using Npgsql;
using Platform.EntityFrameworkCore.Messaging.Lanes;
using Platform.Messaging;
using Platform.Resilience;

namespace Platform.EntityFrameworkCore.Messaging.Dispatching;

/// <summary>Handles deferred events when they are due: retries, delayed ones, and those that waited behind a failed one.</summary>
internal sealed class DeferredRetries(
    Subscription subscription,
    SubscriptionOptions options,
    MessagingDatabase database,
    LaneTable lanes,
    DeferredTable deferred,
    DeadLetterTable deadLetters,
    IEventDispatcher dispatcher,
    ILogger<DeferredRetries> logger)
{
    private const int Limit = 50;

    /// <summary>Handles what is due now.</summary>
    /// <returns>When to look again, from now; null when nothing waits for a time.</returns>
    public async Task<TimeSpan?> RunAsync(IReadOnlyList<OwnedLane> owned, CancellationToken abort)
    {
        var numbers = owned.Select(lane => lane.Lane).ToArray();
        List<DeferredEntry> due;
        await using (var open = await database.OpenAsync(abort))
        {
            due = await deferred.DueAsync(open.Connection, numbers, Limit, abort);
            if (due.Count == 0)
            {
                return await deferred.NextAsync(open.Connection, numbers, abort);
            }
        }

        foreach (var entry in due)
        {
            var lane = owned.First(lane => lane.Lane == entry.Envelope.Lane);
            if (lane.State is LaneState.Owned)
            {
                await TryAsync(entry, lane, abort);
            }
        }

        return TimeSpan.Zero;
    }

    private async Task TryAsync(DeferredEntry entry, OwnedLane lane, CancellationToken abort)
    {
        var envelope = entry.Envelope;
        var aggregate = new AggregateKey(envelope.AggregateType, envelope.AggregateId);
        int attempt;
        await using (var open = await database.OpenAsync(abort))
        {
            if (!entry.Blocking && lane.Blocked.Contains(aggregate))
            {
                await deferred.QueueAsync(open.Connection, envelope.Id, abort);
                return;
            }

            var again = options.DelayAfter(entry.Attempts + 1);
            attempt = await deferred.ClaimAsync(open.Connection, envelope.Id, lane, again, abort);
        }

        if (attempt == 0)
        {
            throw new LaneLostException();
        }

        if (attempt > options.MaxAttempts)
        {
            await ParkAsync(entry, lane, aggregate, ParkedReason.Crashed, attempt - 1, new ProcessDiedException(attempt - 1), abort);
            return;
        }

        var blocked = true;
        try
        {
            var call = new HandlerCall(envelope, subscription.Route(envelope.EventType), attempt, Round: 0, lane.Epoch);
            await (call.Route?.Handler.OutsideWorld is true
                ? dispatcher.OutsideAsync(call, DoneAsync, abort)
                : dispatcher.TogetherAsync([call], DoneAsync, abort));
            Released(lane, entry, aggregate, blocked);
        }
        catch (EventFailedException failure)
        {
            await FailedAsync(entry, lane, aggregate, attempt, failure.Cause, abort);
        }

        async Task DoneAsync(NpgsqlConnection connection)
        {
            await lanes.HoldAsync(connection, lane, abort);
            blocked = await deferred.RemoveAsync(connection, entry, abort);
        }
    }

    private async Task FailedAsync(DeferredEntry entry, OwnedLane lane, AggregateKey aggregate, int attempt, Exception cause, CancellationToken abort)
    {
        var envelope = entry.Envelope;
        if (cause is EventDeferredException closed)
        {
            await PostponeAsync(envelope.Id, lane, closed.Delay, abort);
            lane.Blocked.Add(aggregate);
            return;
        }

        if (RetryLaterException.In(cause) is { } later)
        {
            var pause = later.PutOff();
            await PostponeAsync(envelope.Id, lane, pause, abort);
            lane.Blocked.Add(aggregate);
            Log.EventPutOff(logger, envelope.Id, envelope.EventType, subscription.Name, pause, later.Message);
            return;
        }

        if (attempt >= options.MaxAttempts)
        {
            await ParkAsync(entry, lane, aggregate, ParkedReason.Failed, attempt, cause, abort);
            return;
        }

        var delay = options.DelayAfter(attempt);
        await using var open = await database.OpenAsync(abort);
        await using var transaction = await open.Connection.BeginTransactionAsync(abort);
        await lanes.HoldAsync(open.Connection, lane, abort);
        await deferred.FailAsync(open.Connection, envelope.Id, delay, ErrorText.Of(cause).Message, abort);
        await transaction.CommitAsync(CancellationToken.None);
        lane.Blocked.Add(aggregate);
        Telemetry.Retried.Add(1, new KeyValuePair<string, object?>(Telemetry.SubscriptionTag, subscription.Name));
        Log.EventFailed(logger, envelope.Id, envelope.EventType, subscription.Name, attempt, delay, cause);
    }

    private async Task PostponeAsync(Guid eventId, OwnedLane lane, TimeSpan delay, CancellationToken abort)
    {
        await using var open = await database.OpenAsync(abort);
        await using var transaction = await open.Connection.BeginTransactionAsync(abort);
        await lanes.HoldAsync(open.Connection, lane, abort);
        await deferred.PostponeAsync(open.Connection, eventId, delay, abort);
        await transaction.CommitAsync(CancellationToken.None);
    }

    private async Task ParkAsync(
        DeferredEntry entry, OwnedLane lane, AggregateKey aggregate, ParkedReason reason, int attempts, Exception cause, CancellationToken abort)
    {
        var envelope = entry.Envelope;
        bool blocked;
        await using (var open = await database.OpenAsync(abort))
        {
            await using var transaction = await open.Connection.BeginTransactionAsync(abort);
            await lanes.HoldAsync(open.Connection, lane, abort);
            await using (var batch = new NpgsqlBatch(open.Connection))
            {
                batch.BatchCommands.Add(deadLetters.Park(subscription.Name, envelope, reason, attempts, ErrorText.Of(cause)));
                await batch.ExecuteNonQueryAsync(abort);
            }

            blocked = await deferred.RemoveAsync(open.Connection, entry, abort);
            await transaction.CommitAsync(CancellationToken.None);
        }

        Released(lane, entry, aggregate, blocked);
        Telemetry.Parked.Add(1, new KeyValuePair<string, object?>(Telemetry.SubscriptionTag, subscription.Name));
        Log.EventParked(logger, envelope.Id, envelope.EventType, subscription.Name, attempts, reason.Wire, cause);
    }

    private static void Released(OwnedLane lane, DeferredEntry entry, AggregateKey aggregate, bool blocked)
    {
        if (entry.Blocking && !blocked)
        {
            lane.Blocked.Remove(aggregate);
        }
    }
}
