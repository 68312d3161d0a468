using System.Data;
using System.Diagnostics;
using Npgsql;
using Platform.Messaging;
using Platform.Messaging.Transports;

namespace Platform.EntityFrameworkCore.Messaging.Dispatching;

/// <summary>Publishes events to a broker, and commits the progress after the broker has them.</summary>
internal sealed class RelayDispatcher(
    Subscription subscription, SubscriptionOptions options, MessagingDatabase database, IEventTransport transport, TimeProvider time) : IEventDispatcher
{
    private const string CountAttempt =
        "UPDATE {schema}.core_outbox_event SET attempts = attempts + 1, last_error = $2 WHERE id = $1";

    public async Task TogetherAsync(IReadOnlyList<HandlerCall> calls, Func<NpgsqlConnection, Task> progress, CancellationToken abort)
    {
        if (calls.Count > 0)
        {
            await PublishAsync([.. calls.Select(call => call.Envelope with { RelayEpoch = call.Epoch })], abort);
        }

        await database.ExecuteAsync(async () =>
        {
            await using var open = await database.OpenAsync(abort);
            await using var transaction = await open.Connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, abort);
            await progress(open.Connection);
            await transaction.CommitAsync(CancellationToken.None);
        });
        Telemetry.Handled.Add(calls.Count, new KeyValuePair<string, object?>(Telemetry.SubscriptionTag, subscription.Name));
    }

    public Task OutsideAsync(HandlerCall call, Func<NpgsqlConnection, Task> progress, CancellationToken abort) => TogetherAsync([call], progress, abort);

    private async Task PublishAsync(EventEnvelope[] events, CancellationToken abort)
    {
        using var limit = new CancellationTokenSource(options.HandlerTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, abort);
        using var span = Telemetry.StartBatch($"publish {subscription.Name}", ActivityKind.Producer, "send", events, subscription.Name);
        try
        {
            await transport.PublishAsync(events, linked.Token);
        }
        catch (OperationCanceledException exception) when (limit.IsCancellationRequested && !abort.IsCancellationRequested)
        {
            throw new TransportUnavailableException($"Publishing took longer than {options.HandlerTimeout}.", exception);
        }
        catch (IOException exception)
        {
            // A full disk or a cut connection says nothing about the events.
            throw new TransportUnavailableException("Publishing failed on the way.", exception);
        }
        catch (Exception exception) when (exception is not OperationCanceledException and not TransportUnavailableException)
        {
            span?.SetStatus(ActivityStatusCode.Error);
            if (events.Length == 1)
            {
                await CountAttemptAsync(events[0].Id, exception, abort);
            }

            throw new EventFailedException(events.Length == 1 ? 0 : EventFailedException.Unknown, exception);
        }
    }

    private async Task CountAttemptAsync(Guid id, Exception exception, CancellationToken abort)
    {
        await using var open = await database.OpenAsync(abort);
        await using var command = new NpgsqlCommand(database.Sql(CountAttempt), open.Connection)
        {
            Parameters = { new NpgsqlParameter<Guid> { TypedValue = id }, new NpgsqlParameter<string> { TypedValue = ErrorText.Of(exception).Message } },
        };
        await command.ExecuteNonQueryAsync(abort);
    }
}
