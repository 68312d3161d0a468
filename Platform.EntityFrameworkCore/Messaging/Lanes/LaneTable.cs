using Npgsql;
using NpgsqlTypes;
using Platform.Messaging;

namespace Platform.EntityFrameworkCore.Messaging.Lanes;

/// <summary>The cursors of one subscription, in <c>core_subscription_lane</c>.</summary>
internal sealed class LaneTable(MessagingDatabase database, string subscription, bool readsLog)
{
    private const string Create = """
        INSERT INTO {schema}.core_subscription_lane (subscription, lane, position, reads_log, epoch, released, crashes, suspect_attempts, updated_at)
        SELECT $1, lane, CASE WHEN $3 AND $4 AND s.is_called THEN s.last_value ELSE 0 END, $4, 0, true, 0, 0, now()
        FROM generate_series(0, $2 - 1) AS lane, {schema}.core_outbox_position s
        ON CONFLICT DO NOTHING
        """;

    private const string Count = "SELECT count(*) FROM {schema}.core_subscription_lane WHERE subscription = $1";

    // A position counts only for the kind of source that it came from: after a change of transport the lane starts anew, and the inbox knows
    // what was handled.
    private const string Acquire = """
        UPDATE {schema}.core_subscription_lane t
        SET epoch = epoch + 1, owner = $3, released = false, updated_at = now(), reads_log = $4,
            position = CASE WHEN reads_log = $4 THEN position ELSE 0 END, crashes = CASE
            WHEN released OR (reads_log AND NOT EXISTS (SELECT 1 FROM {schema}.core_outbox_event o WHERE o.lane = t.lane AND o.position > t.position)) THEN 0
            ELSE crashes + 1 END
        WHERE subscription = $1 AND lane = ANY ($2)
        RETURNING lane, position, epoch, crashes, suspect_id, suspect_attempts
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

    // The new epoch makes what the owner has in hand roll back: it may have been published before the broker kept anything for the one who asks.
    private const string Rewind = """
        UPDATE {schema}.core_subscription_lane t
        SET position = 0, epoch = epoch + 1, released = true, crashes = 0, suspect_id = NULL, suspect_attempts = 0, updated_at = now()
        WHERE subscription = $1 AND lane = $2 AND EXISTS (SELECT 1 FROM {schema}.core_outbox_event o WHERE o.lane = t.lane)
        RETURNING epoch
        """;

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
                Command(Create, One(database.LaneCount), One(start is SubscriptionStart.End), One(readsLog)),
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
                Command(Acquire, Array(lanes), new NpgsqlParameter<string> { TypedValue = owner }, One(readsLog)),
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

    /// <summary>Has whoever owns the lane begin anew with what the log holds.</summary>
    /// <returns>The epoch that the next owner has at least; 0 when there is nothing to begin with.</returns>
    public async Task<long> RewindAsync(short lane, CancellationToken cancellationToken)
    {
        await using var open = await database.OpenAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(open.Connection)
        {
            BatchCommands =
            {
                Command(Rewind, One(lane)),
                new NpgsqlBatchCommand("SELECT pg_notify($1, $2)")
                {
                    Parameters =
                    {
                        new NpgsqlParameter<string> { TypedValue = database.Channel },
                        new NpgsqlParameter<string> { TypedValue = LaneOwnership.DueNotice },
                    },
                },
            },
        };
        return await batch.ExecuteScalarAsync(cancellationToken) as long? ?? 0;
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
