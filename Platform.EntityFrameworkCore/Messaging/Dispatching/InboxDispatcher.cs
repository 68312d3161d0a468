using System.Data;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Platform.EntityFrameworkCore.Connections;
using Platform.EntityFrameworkCore.Messaging.Sending;
using Platform.Messaging;
using Platform.Resilience;

namespace Platform.EntityFrameworkCore.Messaging.Dispatching;

/// <summary>Runs handlers, and commits what they did together with the inbox marks and the progress that the caller adds.</summary>
internal sealed class InboxDispatcher(
    Subscription subscription,
    SubscriptionOptions options,
    MessagingDatabase database,
    InboxTable inbox,
    TimeProvider time,
    ILogger<InboxDispatcher> logger) : IEventDispatcher
{
    private readonly KeyValuePair<string, object?> _tag = new(Telemetry.SubscriptionTag, subscription.Name);

    public async Task TogetherAsync(IReadOnlyList<HandlerCall> calls, Func<NpgsqlConnection, Task> progress, CancellationToken abort)
    {
        using var run = new HandlerRun(options.HandlerTimeout, time, abort);
        using var batch = calls.Count > 1
            ? Telemetry.StartBatch($"process batch {subscription.Name}", ActivityKind.Consumer, "process", [.. calls.Select(call => call.Envelope)], subscription.Name)
            : null;
        var duplicates = 0;
        await SuperviseAsync(calls, run, () => database.ExecuteAsync(async () =>
        {
            run.Begin();
            await using var open = await database.OpenAsync(abort);
            run.Backend = open.Connection.ProcessID;
            await using var transaction = await open.Context.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, abort);
            run.ConnectionLost = false;
            if (calls.Count > 0)
            {
                var known = await inbox.MarkAsync(open.Connection, subscription.Name, [.. calls.Select(call => call.Envelope.Id)], abort);
                duplicates = await HandleAsync(open, calls, known, run, abort);
                await SaveAsync(open.Context, abort);
            }

            await progress(open.Connection);
            run.EnterCommit();
            await transaction.CommitAsync(CancellationToken.None);
        }));
        Count(calls.Count, duplicates);
    }

    public async Task OutsideAsync(HandlerCall call, Func<NpgsqlConnection, Task> progress, CancellationToken abort)
    {
        using var run = new HandlerRun(options.HandlerTimeout, time, abort);
        var duplicate = false;
        await SuperviseAsync([call], run, async () =>
        {
            run.Begin();
            await using var open = await database.OpenAsync(abort);
            run.ConnectionLost = false;
            duplicate = await inbox.ContainsAsync(open.Connection, subscription.Name, call.Envelope.Id, abort);
            await open.Context.Database.CloseConnectionAsync();
            if (!duplicate)
            {
                SaveGuard.Guard(open.Context);
                await InvokeAsync(open.Services, call, 0, run);
                SaveGuard.Guard(null);
            }

            await database.ExecuteAsync(async () =>
            {
                run.Begin();
                await using var transaction = await open.Context.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, abort);
                run.ConnectionLost = false;
                if (!duplicate)
                {
                    duplicate = await inbox.MarkAsync(open.Connection, subscription.Name, [call.Envelope.Id], abort) is not null;
                }

                if (!duplicate)
                {
                    // Accepted only after the commit, so that an execution strategy can write it again.
                    await open.Context.SaveChangesAsync(acceptAllChangesOnSuccess: false, abort);
                }

                await progress(open.Connection);
                run.EnterCommit();
                await transaction.CommitAsync(CancellationToken.None);
            });
        });
        Count(1, duplicate ? 1 : 0);
    }

    /// <returns>How many events were known already.</returns>
    private async Task<int> HandleAsync(
        StoreConnection open, IReadOnlyList<HandlerCall> calls, HashSet<Guid>? known, HandlerRun run, CancellationToken abort)
    {
        var duplicates = 0;
        int? round = null;
        for (var i = 0; i < calls.Count; i++)
        {
            // Known from now on: a broker may bring an event twice in one batch.
            if (known?.Add(calls[i].Envelope.Id) is false)
            {
                duplicates++;
                continue;
            }

            // Compared with the last one that was handled: the first of a round may be a duplicate.
            if (round < calls[i].Round)
            {
                await SaveAsync(open.Context, abort);
            }

            round = calls[i].Round;

            try
            {
                await InvokeAsync(open.Services, calls[i], i, run);
            }
            catch
            {
                run.ConnectionLost = open.Connection.State is not ConnectionState.Open;
                throw;
            }
        }

        return duplicates;
    }

    /// <summary>Saves without a savepoint, which costs two round trips: nobody goes on after a failure here. A handler that saves by itself has one.</summary>
    private static async Task SaveAsync(DbContext context, CancellationToken abort)
    {
        var before = context.Database.AutoSavepointsEnabled;
        context.Database.AutoSavepointsEnabled = false;
        try
        {
            await context.SaveChangesAsync(abort);
        }
        finally
        {
            context.Database.AutoSavepointsEnabled = before;
        }
    }

    private async Task InvokeAsync(IServiceProvider scope, HandlerCall call, int index, HandlerRun run)
    {
        var envelope = call.Envelope;
        scope.GetRequiredService<HandledEvent>().Current = envelope;
        using var activity = Telemetry.StartProcess(envelope, subscription.Name, call.Attempt);
        var started = time.GetTimestamp();
        run.Enter(index);

        // Whom the handler asks learns how long it can wait.
        using var deadline = call.Route?.Handler.OutsideWorld is true ? Deadline.Within(options.HandlerTimeout, time) : null;
        try
        {
            var route = call.Route ?? throw new UnknownEventVersionException(envelope.EventType);
            var context = new EventContext(
                envelope.Id, envelope.EventType, envelope.AggregateType, envelope.AggregateId, envelope.OccurredAt, call.Attempt, envelope.CorrelationId, envelope.Actor);
            if (route.Handler.Gate?.Opens(scope, envelope) is false)
            {
                Telemetry.Gated.Add(1, _tag, new(Telemetry.EventTypeTag, envelope.EventType));
                run.Leave();
                return;
            }

            await route.Handler.InvokeAsync(scope, route.Reader.Read(envelope.Payload.Span), context, run.Token);
            run.Leave();
        }
        catch (Exception exception) when (exception is not EventDeferredException)
        {
            activity?.SetStatus(ActivityStatusCode.Error);
            activity?.SetTag("error.type", exception.GetType().FullName);
            if (exception is OperationCanceledException && run.TimedOut())
            {
                throw new TimeoutException($"The handler took longer than {options.HandlerTimeout}.", exception);
            }

            throw;
        }
        finally
        {
            Telemetry.HandlerTime.Record(time.GetElapsedTime(started).TotalSeconds, _tag, new(Telemetry.EventTypeTag, envelope.EventType));
        }
    }

    private async Task SuperviseAsync(IReadOnlyList<HandlerCall> calls, HandlerRun run, Func<Task> handlers)
    {
        try
        {
            if (await run.SuperviseAsync(handlers))
            {
                return;
            }
        }
        catch (Exception exception) when (exception is not Lanes.LaneLostException && (exception is not OperationCanceledException || run.Index >= 0))
        {
            var inHandler = run.Index >= 0;
            if (run.ConnectionLost || (!inHandler && Outage.Is(exception)) || (exception is OperationCanceledException && run.Token.IsCancellationRequested && !run.TimedOut()))
            {
                throw;
            }

            var index = calls.Count == 1 ? 0 : inHandler && !Outage.IsAftermath(exception) ? run.Index : EventFailedException.Unknown;
            throw calls.Count == 0 ? exception : new EventFailedException(index, exception);
        }

        Log.HandlerAbandoned(logger, calls[run.Index].Route?.Handler.HandlerName ?? string.Empty);
        await using var open = await database.OpenAsync(CancellationToken.None);
        await run.EndTransactionAsync(open.Connection, CancellationToken.None);
        throw new EventFailedException(run.Index, new TimeoutException($"The handler took longer than {options.HandlerTimeout} and did not stop when cancelled."));
    }

    private void Count(int events, int duplicates)
    {
        Telemetry.Handled.Add(events - duplicates, _tag);
        if (duplicates > 0)
        {
            Telemetry.Duplicates.Add(duplicates, _tag);
        }
    }
}
