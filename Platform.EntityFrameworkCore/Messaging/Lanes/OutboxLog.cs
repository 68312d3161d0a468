using Npgsql;
using NpgsqlTypes;
using Platform.EntityFrameworkCore.Messaging.Dispatching;
using Platform.Messaging;
using Platform.Messaging.Transports;

namespace Platform.EntityFrameworkCore.Messaging.Lanes;

/// <summary>Reads lanes from the log in PostgreSQL: the default transport, with nothing between the outbox and its consumers.</summary>
internal sealed class OutboxLog(MessagingDatabase database, SettledPosition settled, string[] passedOver) : ILaneSource
{
    private const string Sequence = $"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {{schema}}.{MessagingModel.PositionSequence}";

    // age() is the one function that tells the next transaction id without taking one (PostgreSQL manual, table 9.77: "the number of
    // transactions between the supplied transaction ID and the current transaction counter"); it counts modulo 2^32. 3 is the first normal id.
    private const string Transactions = "SELECT pg_snapshot_xmin(s), pg_snapshot_xmax(s), age('3'::xid) FROM pg_current_snapshot() s";

    private const string Events = """
        SELECT e.lane, e.position, e.id, e.event_type, e.aggregate_type, e.aggregate_id, e.payload, e.correlation_id, e.traceparent, e.tracestate,
               e.baggage, e.actor, e.occurred_at, e.available_at, coalesce(e.available_at > clock_timestamp(), false)
        FROM unnest($1, $2) AS c(lane, position)
        CROSS JOIN LATERAL (
            SELECT * FROM {schema}.core_outbox_event o
            WHERE o.lane = c.lane AND o.position > c.position AND o.event_type <> ALL ($3)
            ORDER BY o.position LIMIT $4) e
        """;

    private const int FirstNormalTransaction = 3;

    // What one read may hold in memory, whatever the limit of events.
    private const long MaxBytes = 16 * 1024 * 1024;

    private int _turn;

    public async Task<LaneRead> ReadAsync(IReadOnlyList<LaneCursor> lanes, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lanes);
        if (lanes.Count == 0)
        {
            return new LaneRead([], [], Unsettled: false);
        }

        // Another lane first each time: a read that stops at MaxBytes must not starve the last ones.
        var turn = (int)((uint)_turn++ % (uint)lanes.Count);
        var cursors = lanes.Skip(turn).Concat(lanes.Take(turn)).ToArray();

        var known = settled.Current;
        await using var open = await database.OpenAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(open.Connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand(database.Sql(Sequence)),
                new NpgsqlBatchCommand(Transactions),
                new NpgsqlBatchCommand(database.Sql(Events))
                {
                    Parameters =
                    {
                        new NpgsqlParameter<short[]> { TypedValue = Array.ConvertAll(cursors, cursor => cursor.Lane) },
                        new NpgsqlParameter<long[]> { TypedValue = Array.ConvertAll(cursors, cursor => cursor.Position) },
                        new NpgsqlParameter<string[]> { TypedValue = passedOver, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar },
                        new NpgsqlParameter<int> { TypedValue = limit },
                    },
                },
            },
        };
        await database.PreparedAsync(batch, cancellationToken);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var upTo = await SettledAsync(reader, known, cancellationToken);
        return await EventsAsync(reader, cursors, limit, upTo, cancellationToken);
    }

    public Task AcknowledgeAsync(IReadOnlyList<LaneCursor> lanes, CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<long> SettledAsync(NpgsqlDataReader reader, long known, CancellationToken cancellationToken)
    {
        await reader.ReadAsync(cancellationToken);
        var last = reader.GetInt64(0);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var oldest = reader.GetFieldValue<ulong>(0);
        var highest = reader.GetFieldValue<ulong>(1);
        var next = highest + unchecked((uint)(reader.GetInt32(2) + FirstNormalTransaction) - (uint)highest);
        await reader.NextResultAsync(cancellationToken);
        return settled.Observe(known, last, next, oldest);
    }

    private static async Task<LaneRead> EventsAsync(
        NpgsqlDataReader reader, LaneCursor[] cursors, int limit, long upTo, CancellationToken cancellationToken)
    {
        var events = new List<LaneEvent>();
        var found = new Dictionary<short, (int Count, long Last)>();
        var unsettled = false;
        long bytes = 0;
        while (bytes < MaxBytes && await reader.ReadAsync(cancellationToken))
        {
            var envelope = Envelope(reader);
            if (envelope.Position > upTo)
            {
                unsettled = true;
                continue;
            }

            var (count, last) = found.GetValueOrDefault(envelope.Lane);
            if (envelope.Position <= last)
            {
                throw new InvalidOperationException("The database returned a lane out of order.");
            }

            found[envelope.Lane] = (count + 1, envelope.Position);
            bytes += envelope.Payload.Length;
            events.Add(new LaneEvent(envelope, envelope.Position, reader.GetBoolean(14)));
        }

        var cut = bytes >= MaxBytes;
        return new LaneRead(events, Array.ConvertAll(cursors, Examined), unsettled);

        LaneCursor Examined(LaneCursor cursor)
        {
            var (count, last) = found.GetValueOrDefault(cursor.Lane);
            return cut || count == limit
                ? cursor with { Position = Math.Max(cursor.Position, last) }
                : cursor with { Position = Math.Max(cursor.Position, upTo) };
        }
    }

    private static EventEnvelope Envelope(NpgsqlDataReader row) => new()
    {
        Lane = row.GetInt16(0),
        Position = row.GetInt64(1),
        Id = row.GetGuid(2),
        EventType = row.GetString(3),
        AggregateType = row.GetString(4),
        AggregateId = row.GetString(5),
        Payload = row.GetFieldValue<byte[]>(6),
        CorrelationId = EventParameters.Text(row, 7),
        TraceParent = EventParameters.Text(row, 8),
        TraceState = EventParameters.Text(row, 9),
        Baggage = EventParameters.Text(row, 10),
        Actor = EventParameters.Text(row, 11),
        OccurredAt = row.GetFieldValue<DateTimeOffset>(12),
        AvailableAt = row.IsDBNull(13) ? null : row.GetFieldValue<DateTimeOffset>(13),
    };
}
