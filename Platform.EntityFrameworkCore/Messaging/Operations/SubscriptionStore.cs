using System.Globalization;
using Npgsql;
using Platform.EntityFrameworkCore.Messaging.Dispatching;
using Platform.EntityFrameworkCore.Messaging.Lanes;
using Platform.Errors;
using Platform.Messaging;

namespace Platform.EntityFrameworkCore.Messaging.Operations;

/// <summary>Shows how far subscriptions are, moves them back, and forgets them.</summary>
internal sealed class SubscriptionStore(MessagingDatabase database, BrokerChoice brokers, OperatorRecord record) : ISubscriptions
{
    private const string List = """
        SELECT s.subscription, sum(p.pending)::bigint, min(p.oldest),
            (SELECT count(*) FROM {schema}.core_inbox_deferred d WHERE d.subscription = s.subscription),
            (SELECT count(*) FROM {schema}.core_dead_letter d WHERE d.subscription = s.subscription),
            coalesce(array_agg(DISTINCT s.owner) FILTER (WHERE NOT s.released), '{}')
        FROM {schema}.core_subscription_lane s
        CROSS JOIN LATERAL (
            SELECT count(*) AS pending, min(e.occurred_at) AS oldest
            FROM (SELECT occurred_at FROM {schema}.core_outbox_event o
                  WHERE s.reads_log AND o.lane = s.lane AND o.position > s.position ORDER BY o.position LIMIT 1000) e) p
        GROUP BY s.subscription ORDER BY s.subscription
        """;

    private const string Lanes = """
        SELECT s.lane, s.position, p.pending, p.oldest,
            (SELECT count(*) FROM {schema}.core_inbox_deferred d WHERE d.subscription = s.subscription AND d.lane = s.lane),
            CASE WHEN NOT s.released THEN s.owner END, s.updated_at
        FROM {schema}.core_subscription_lane s
        CROSS JOIN LATERAL (
            SELECT count(*) AS pending, min(e.occurred_at) AS oldest
            FROM (SELECT occurred_at FROM {schema}.core_outbox_event o
                  WHERE s.reads_log AND o.lane = s.lane AND o.position > s.position ORDER BY o.position LIMIT 1000) e) p
        WHERE s.subscription = $1 ORDER BY s.lane
        """;

    // The new epoch makes what owners have in hand roll back; they take the lane again and read the new position.
    private const string Rewind = """
        UPDATE {schema}.core_subscription_lane s
        SET epoch = epoch + 1, released = true, crashes = 0, suspect_id = NULL, suspect_attempts = 0, updated_at = now(),
            position = least(s.position, (
                SELECT coalesce(min(o.position) - 1, s.position) FROM {schema}.core_outbox_event o
                WHERE o.lane = s.lane AND o.occurred_at >= $2))
        WHERE subscription = $1 AND reads_log
        """;

    private const string Forget = """
        DELETE FROM {schema}.core_inbox_event i
        USING {schema}.core_subscription_lane s JOIN {schema}.core_outbox_event o ON o.lane = s.lane AND o.position > s.position
        WHERE s.subscription = $1 AND i.consumer = $2 AND i.event_id = o.id
          AND NOT EXISTS (SELECT 1 FROM {schema}.core_inbox_deferred d WHERE d.subscription = $2 AND d.event_id = o.id)
        """;

    private const string Count = """
        SELECT count(*) FROM {schema}.core_subscription_lane s JOIN {schema}.core_outbox_event o ON o.lane = s.lane AND o.position > s.position
        WHERE s.subscription = $1
        """;

    private const string ReadsLog = "SELECT reads_log FROM {schema}.core_subscription_lane WHERE subscription = $1 LIMIT 1";

    private const string Remove = "DELETE FROM {schema}.core_subscription_lane WHERE subscription = $1";

    private const string RemoveDeferred = "DELETE FROM {schema}.core_inbox_deferred WHERE subscription = $1";

    public async Task<IReadOnlyList<SubscriptionStatus>> ListAsync(CancellationToken cancellationToken = default)
    {
        List<SubscriptionStatus> list = [];
        await using var open = await database.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(database.Sql(List), open.Connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            list.Add(new SubscriptionStatus(
                reader.GetString(0),
                reader.GetInt64(1),
                reader.IsDBNull(2) ? null : reader.GetFieldValue<DateTimeOffset>(2),
                reader.GetInt64(3),
                reader.GetInt64(4),
                reader.GetFieldValue<string[]>(5)));
        }

        return list;
    }

    public async Task<IReadOnlyList<LaneStatus>> LanesAsync(string subscription, CancellationToken cancellationToken = default)
    {
        List<LaneStatus> list = [];
        await using var open = await database.OpenAsync(cancellationToken);
        await using var command = Command(open.Connection, Lanes, subscription);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            list.Add(new LaneStatus(
                reader.GetInt16(0),
                reader.GetInt64(1),
                reader.GetInt64(2),
                reader.IsDBNull(3) ? null : reader.GetFieldValue<DateTimeOffset>(3),
                reader.GetInt64(4),
                reader.IsDBNull(5) ? null : reader.GetString(5),
                reader.GetFieldValue<DateTimeOffset>(6)));
        }

        return list;
    }

    public async Task<long> ReplayAsync(
        string subscription, DateTimeOffset from, OperatorAction action, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(action);
        await using var open = await database.OpenAsync(cancellationToken);
        await using var transaction = await open.Connection.BeginTransactionAsync(cancellationToken);
        var reader = subscription;
        if (await RewindAsync(open.Connection, reader, from, cancellationToken) == 0)
        {
            // It reads from a broker: the relay publishes again, and the inboxes of the other subscriptions know what they had.
            await using var exists = Command(open.Connection, ReadsLog, subscription);
            reader = MessagingOptions.RelayName;
            if (await exists.ExecuteScalarAsync(cancellationToken) is null || await RewindAsync(open.Connection, reader, from, cancellationToken) == 0)
            {
                throw ErrorException.NotFound("subscription", subscription);
            }
        }

        await using var forget = Command(open.Connection, Forget, reader);
        forget.Parameters.Add(new NpgsqlParameter<string> { TypedValue = subscription });
        await forget.ExecuteNonQueryAsync(cancellationToken);
        await using var count = Command(open.Connection, Count, reader);
        var events = (long)(await count.ExecuteScalarAsync(cancellationToken))!;
        await using var notice = new NpgsqlCommand("SELECT pg_notify($1, $2)", open.Connection)
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = database.Channel },
                new NpgsqlParameter<string> { TypedValue = LaneOwnership.DueNotice },
            },
        };
        await notice.ExecuteNonQueryAsync(cancellationToken);
        await record.WriteAsync(open.Connection, transaction, "messaging.subscription.replay", $"subscription:{subscription}", action, new()
        {
            ["from"] = from.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture),
            ["events"] = events.ToString(CultureInfo.InvariantCulture),
        }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return events;
    }

    public async Task RemoveAsync(string subscription, OperatorAction action, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(action);
        await using var open = await database.OpenAsync(cancellationToken);
        var locks = new LaneLocks(open.Connection, database.Schema, subscription, database.LaneCount);
        if ((await locks.LookAsync(cancellationToken)).Free.Count < database.LaneCount)
        {
            throw ErrorException.NotAllowed("subscription", subscription, "A process still works for this subscription.");
        }

        await using var readsLog = Command(open.Connection, ReadsLog, subscription);
        var wasFromLog = await readsLog.ExecuteScalarAsync(cancellationToken) as bool? ?? throw ErrorException.NotFound("subscription", subscription);

        // The broker first: what dies in between leaves a subscription that is removed again, and no queue that fills for nobody.
        if (!wasFromLog && !await brokers.ForgetAsync(subscription, cancellationToken))
        {
            throw ErrorException.NotAllowed("subscription", subscription, "It reads from a broker that is not the configured transport here.");
        }

        await using var transaction = await open.Connection.BeginTransactionAsync(cancellationToken);
        await using var remove = Command(open.Connection, Remove, subscription);
        await remove.ExecuteNonQueryAsync(cancellationToken);
        await using var removeDeferred = Command(open.Connection, RemoveDeferred, subscription);
        await removeDeferred.ExecuteNonQueryAsync(cancellationToken);
        await record.WriteAsync(open.Connection, transaction, "messaging.subscription.remove", $"subscription:{subscription}", action, [], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task<int> RewindAsync(NpgsqlConnection connection, string subscription, DateTimeOffset from, CancellationToken cancellationToken)
    {
        await using var rewind = Command(connection, Rewind, subscription);
        rewind.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = from.ToUniversalTime() });
        return await rewind.ExecuteNonQueryAsync(cancellationToken);
    }

    private NpgsqlCommand Command(NpgsqlConnection connection, string statement, string subscription) =>
        new(database.Sql(statement), connection) { Parameters = { new NpgsqlParameter<string> { TypedValue = subscription } } };
}
