using Npgsql;
using NpgsqlTypes;
using Platform.Messaging;

namespace Platform.EntityFrameworkCore.Messaging.Lanes;

/// <summary>The cursors of one subscription, in <c>core_subscription_lane</c>.</summary>
/// <param name="database">Where it is.</param>
/// <param name="subscription">Its name.</param>
/// <param name="broker">Where it reads: the name of a transport, or null for the log.</param>
internal sealed class LaneTable(MessagingDatabase database, string subscription, string? broker)
{
    private const string Create = """
        INSERT INTO {schema}.core_subscription_lane (subscription, lane, position, reads_log, epoch, released, crashes, suspect_attempts, updated_at)
        SELECT $1, lane, CASE WHEN $3 AND $4 AND s.is_called THEN s.last_value ELSE 0 END, $4, 0, true, 0, 0, now()
        FROM generate_series(0, $2 - 1) AS lane, {schema}.core_outbox_position s
        ON CONFLICT DO NOTHING
        """;

    private const string Count = "SELECT count(*) FROM {schema}.core_subscription_lane WHERE subscription = $1";

    // What is known counts only for the source that it came from: after a change of transport the lane starts anew, and the inbox knows what was
    // handled. The broker's name may be missing where a release before it was known made the row.
    private const string Acquire = """
        UPDATE {schema}.core_subscription_lane t
        SET epoch = epoch + 1, owner = $3, released = false, updated_at = now(), reads_log = $4 IS NULL, broker = $4,
            position = CASE WHEN reads_log = ($4 IS NULL) AND coalesce(broker, $4) IS NOT DISTINCT FROM $4 THEN position ELSE 0 END,
            least_epoch = CASE WHEN coalesce(broker, $4) = $4 THEN least_epoch END, crashes = CASE
            WHEN released OR (reads_log AND NOT EXISTS (SELECT 1 FROM {schema}.core_outbox_event o WHERE o.lane = t.lane AND o.position > t.position)) THEN 0
            ELSE crashes + 1 END
        WHERE subscription = $1 AND lane = ANY ($2)
        RETURNING lane, position, epoch, crashes, suspect_id, suspect_attempts, least_epoch
        """;

    private const string Blocked = """
        SELECT DISTINCT lane, aggregate_type, aggregate_id FROM {schema}.core_inbox_deferred
        WHERE subscription = $1 AND lane = ANY ($2) AND blocking
        """;

    private const string Advance = """
        UPDATE {schema}.core_subscription_lane t
        SET position = v.position, released = v.released, crashes = 0, suspect_id = NULL, suspect_attempts = 0, updated_at = now()
        FROM unnest($2, $3, $4, $5) AS v(lane, epoch, position, released)
        WHERE t.subscription = $1 AND t.lane = v.lane AND t.epoch = v.epoch
        """;

    private const string AdvanceOne = """
        UPDATE {schema}.core_subscription_lane
        SET position = $4, released = $5, crashes = 0, suspect_id = NULL, suspect_attempts = 0, updated_at = now()
        WHERE subscription = $1 AND lane = $2 AND epoch = $3
        """;

    private const string Hold = """
        SELECT 1 FROM {schema}.core_subscription_lane WHERE subscription = $1 AND lane = $2 AND epoch = $3 FOR NO KEY UPDATE
        """;

    // The relay's new epoch makes what its owner has in hand roll back: it may have been published before the broker kept anything for the one who asks.
    private const string Backfill = """
        WITH relay AS (
            UPDATE {schema}.core_subscription_lane t
            SET position = 0, epoch = epoch + 1, released = true, crashes = 0, suspect_id = NULL, suspect_attempts = 0, updated_at = now()
            WHERE subscription = $3 AND lane = $2 AND EXISTS (SELECT 1 FROM {schema}.core_outbox_event o WHERE o.lane = t.lane)
            RETURNING epoch)
        UPDATE {schema}.core_subscription_lane
        SET least_epoch = greatest(least_epoch, (SELECT epoch FROM relay), 0)
        WHERE subscription = $1 AND lane = $2
        RETURNING least_epoch
        """;

    private const string Lost = "UPDATE {schema}.core_subscription_lane SET least_epoch = NULL WHERE subscription = $1 AND lane = $2";

    private const string CountOwned = """
        SELECT count(*) FROM {schema}.core_subscription_lane t JOIN unnest($2, $3) AS v(lane, epoch) ON t.lane = v.lane AND t.epoch = v.epoch
        WHERE t.subscription = $1
        """;

    private const string Suspect = """
        UPDATE {schema}.core_subscription_lane SET suspect_id = $4, suspect_attempts = $5, updated_at = now()
        WHERE subscription = $1 AND lane = $2 AND epoch = $3
        """;

    /// <summary>Adds the subscription with all its lanes at once, so that a new one starts everywhere at the same place.</summary>
    public async Task CreateAsync(NpgsqlConnection connection, SubscriptionStart start, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                Command(Create, One(database.LaneCount), One(start is SubscriptionStart.End), One(broker is null)),
                Command(Count),
            },
        };
        var lanes = (long)(await batch.ExecuteScalarAsync(cancellationToken))!;
        if (lanes != database.LaneCount)
        {
            throw new InvalidOperationException(
                $"Subscription {subscription} has {lanes} lanes in the database, but the model says {database.LaneCount}: the number of lanes is fixed once there are events.");
        }
    }

    /// <summary>Becomes the owner of lanes whose locks are held.</summary>
    public async Task<List<OwnedLane>> AcquireAsync(NpgsqlConnection connection, short[] lanes, string owner, CancellationToken cancellationToken)
    {
        List<OwnedLane> owned = [];
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                Command(Acquire, Array(lanes), Text(owner), Text(broker)),
                Command(Blocked, Array(lanes)),
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            owned.Add(new OwnedLane(reader.GetInt16(0), reader.GetInt64(1), reader.GetInt64(2))
            {
                Crashes = reader.GetInt32(3),
                SuspectId = reader.IsDBNull(4) ? null : reader.GetGuid(4),
                SuspectAttempts = reader.GetInt32(5),
                LeastEpoch = reader.IsDBNull(6) ? null : reader.GetInt64(6),
            });
        }

        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            owned.Find(lane => lane.Lane == reader.GetInt16(0))?.Blocked.Add(new AggregateKey(reader.GetString(1), reader.GetString(2)));
        }

        return owned;
    }

    /// <summary>Moves lanes on to where <paramref name="position"/> says, in the connection's transaction.</summary>
    /// <exception cref="LaneLostException">A lane has another owner: the transaction must be rolled back.</exception>
    public async Task AdvanceAsync(
        NpgsqlConnection connection,
        IReadOnlyList<OwnedLane> lanes,
        Func<OwnedLane, long> position,
        CancellationToken cancellationToken,
        bool release = false)
    {
        await using var command = lanes is [var one]
            ? new NpgsqlCommand(database.Sql(AdvanceOne), connection)
            {
                Parameters = { One(subscription), One(one.Lane), One(one.Epoch), One(position(one)), One(release) },
            }
            : new NpgsqlCommand(database.Sql(Advance), connection)
            {
                Parameters =
                {
                    One(subscription),
                    Array([.. lanes.Select(lane => lane.Lane)]),
                    One<long[]>([.. lanes.Select(lane => lane.Epoch)]),
                    One<long[]>([.. lanes.Select(position)]),
                    One<bool[]>([.. lanes.Select(_ => release)]),
                },
            };
        await database.PreparedAsync(command, cancellationToken);
        if (await command.ExecuteNonQueryAsync(cancellationToken) != lanes.Count)
        {
            throw new LaneLostException();
        }
    }

    /// <summary>Notes that the broker keeps what is published for a lane from now on.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="relay">The subscription that has to publish again what the log holds; null where nothing of the past is wanted.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The epoch that the relay's next owner has at least; 0 when there is nothing to publish again.</returns>
    public async Task<long> BackfillAsync(short lane, string? relay, CancellationToken cancellationToken)
    {
        await using var open = await database.OpenAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(open.Connection)
        {
            BatchCommands =
            {
                Command(Backfill, One(lane), Text(relay)),
                new NpgsqlBatchCommand("SELECT pg_notify($1, $2)") { Parameters = { Text(database.Channel), Text(LaneOwnership.DueNotice) } },
            },
        };
        return await batch.ExecuteScalarAsync(cancellationToken) as long? ?? throw new LaneLostException();
    }

    /// <summary>Notes that the broker keeps nothing for a lane.</summary>
    public async Task LostAsync(short lane, CancellationToken cancellationToken)
    {
        await using var open = await database.OpenAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(open.Connection) { BatchCommands = { Command(Lost, One(lane)) } };
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Looks whether lanes are still owned.</summary>
    /// <exception cref="LaneLostException">One is not.</exception>
    public async Task CheckAsync(NpgsqlConnection connection, IReadOnlyList<OwnedLane> lanes, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { Command(CountOwned, Array([.. lanes.Select(lane => lane.Lane)]), One(lanes.Select(lane => lane.Epoch).ToArray())) },
        };
        if ((long)(await batch.ExecuteScalarAsync(cancellationToken))! != lanes.Count)
        {
            throw new LaneLostException();
        }
    }

    /// <summary>Makes sure that the lane is still owned until the connection's transaction ends.</summary>
    /// <exception cref="LaneLostException">It is not.</exception>
    public async Task HoldAsync(NpgsqlConnection connection, OwnedLane lane, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { Command(Hold, One(lane.Lane), One(lane.Epoch)) } };
        if (await batch.ExecuteScalarAsync(cancellationToken) is null)
        {
            throw new LaneLostException();
        }
    }

    /// <summary>Records that an event is about to be handled that may kill the process.</summary>
    public async Task SuspectAsync(NpgsqlConnection connection, OwnedLane lane, Guid eventId, int attempts, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { Command(Suspect, One(lane.Lane), One(lane.Epoch), new NpgsqlParameter<Guid> { TypedValue = eventId }, new NpgsqlParameter<int> { TypedValue = attempts }) },
        };
        if (await batch.ExecuteNonQueryAsync(cancellationToken) != 1)
        {
            throw new LaneLostException();
        }
    }

    private static NpgsqlParameter<short[]> Array(short[] lanes) => new() { TypedValue = lanes, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Smallint };

    private static NpgsqlParameter<T> One<T>(T value) => new() { TypedValue = value };

    private static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    private NpgsqlBatchCommand Command(string statement, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(database.Sql(statement)) { Parameters = { new NpgsqlParameter<string> { TypedValue = subscription } } };
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
