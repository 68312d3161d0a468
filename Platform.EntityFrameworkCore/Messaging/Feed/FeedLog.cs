using Microsoft.Extensions.Logging;
using Npgsql;
using Platform.EntityFrameworkCore.Messaging.Lanes;
using Platform.Messaging;
using Platform.Messaging.Feed;
using Platform.Messaging.Transports;

namespace Platform.EntityFrameworkCore.Messaging.Feed;

/// <summary>Reads all lanes of the log as one sequence, up to where it is settled: what comes once comes in the same place for everybody.</summary>
internal sealed class FeedLog(MessagingDatabase database, EventCatalog catalog, ILogger<FeedLog> logger)
{
    private const string LastPosition =
        $"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {{schema}}.{MessagingModel.PositionSequence}";

    private const string IsKept = """
        SELECT EXISTS (SELECT 1 FROM generate_series(0, $1 - 1) AS l(lane) JOIN {schema}.core_outbox_event o ON o.lane = l.lane AND o.position = $2)
        """;

    // Of each lane at once; a read that finds no place to stop tries with fewer.
    private const int LaneLimit = 256;

    private readonly SettledPosition _settled = new();
    private int _limit = LaneLimit;

    /// <summary>The last position that was given to anybody, and up to where the log is settled by now.</summary>
    public async Task<(long Last, long Settled)> LookAsync(CancellationToken cancellationToken)
    {
        long last;
        await using (var open = await database.OpenAsync(cancellationToken))
        {
            await using var command = new NpgsqlCommand(database.Sql(LastPosition), open.Connection);
            last = (long)(await command.ExecuteScalarAsync(cancellationToken))!;
        }

        // A look at the end of one lane reads no event, and tells what is settled.
        await using var log = new OutboxLog(database, _settled, []);
        await log.ReadAsync([new LaneCursor(0, last)], 1, cancellationToken);
        return (last, _settled.Current);
    }

    /// <summary>Tells whether an event is in the log still.</summary>
    public async Task<bool> IsKeptAsync(long position, CancellationToken cancellationToken)
    {
        await using var open = await database.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(database.Sql(IsKept), open.Connection)
        {
            Parameters = { new NpgsqlParameter<int> { TypedValue = database.LaneCount }, new NpgsqlParameter<long> { TypedValue = position } },
        };
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Reads on.</summary>
    /// <param name="after">How far the reader is.</param>
    /// <param name="passedOver">Types that it does not want.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<FeedRead> ReadAsync(long after, string[] passedOver, CancellationToken cancellationToken)
    {
        var lanes = new LaneCursor[database.LaneCount];
        for (short lane = 0; lane < lanes.Length; lane++)
        {
            lanes[lane] = new LaneCursor(lane, after);
        }

        await using var log = new OutboxLog(database, _settled, passedOver);
        var read = await log.ReadAsync(lanes, _limit, cancellationToken);

        // A lane that has more holds up the others: what lies behind its last event could come before theirs.
        var upTo = read.Examined.Min(lane => lane.Position);
        _limit = upTo == after && read.Events.Count > 0 ? Math.Max(_limit / 4, 1) : LaneLimit;
        var events = read.Events
            .Where(found => found.Position <= upTo && !found.Delayed)
            .OrderBy(found => found.Position)
            .Select(found => Open(found.Envelope))
            .OfType<FeedEvent>()
            .ToArray();
        return new FeedRead(events, upTo, More: read.Events.Any(found => found.Position > upTo), read.Unsettled);
    }

    // What this process does not know or cannot read, it has nobody for; a subscription parks it.
    private FeedEvent? Open(EventEnvelope envelope)
    {
        try
        {
            return catalog.Reader(envelope.EventType) is { } reader ? new FeedEvent(envelope, reader.Read(envelope.Payload.Span)) : null;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Log.FeedPassedOver(logger, envelope.Id, envelope.EventType, exception);
            return null;
        }
    }
}

/// <summary>What a read found.</summary>
/// <param name="Events">In the order of their positions.</param>
/// <param name="UpTo">How far the reader is now.</param>
/// <param name="More">There is more to be read at once.</param>
/// <param name="Unsettled">There is more once a transaction that runs now has ended.</param>
internal sealed record FeedRead(IReadOnlyList<FeedEvent> Events, long UpTo, bool More, bool Unsettled);
