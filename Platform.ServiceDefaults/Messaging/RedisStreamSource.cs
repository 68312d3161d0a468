using System.Globalization;
using Microsoft.Extensions.Options;
using Platform.Identifiers;
using Platform.Messaging;
using Platform.Messaging.Transports;
using StackExchange.Redis;

namespace Platform.ServiceDefaults.Messaging;

/// <summary>
/// Reads lanes from their streams. The consumer group, which has the subscription's name, tells Redis what is acknowledged, so that the rest can be cut off;
/// what was handled is told by the cursor.
/// </summary>
internal sealed class RedisStreamSource(
    LaneSourceContext context, RedisStreamConnection connection, IOptions<RedisStreamsOptions> options, TimeProvider time) : ILaneSource
{
    // What one read of a lane may hold in memory, give or take one event.
    private const int MaxBytes = 2 * 1024 * 1024;

    private readonly string _consumer = string.Create(
        CultureInfo.InvariantCulture, $"{Environment.MachineName}:{Environment.ProcessId}:{Uuid7.Next(time):N}");

    private readonly Dictionary<short, LaneState> _lanes = [];
    private ISubscriber? _wakeUp;

    public async Task<LaneRead> ReadAsync(IReadOnlyList<LaneCursor> lanes, int limit, CancellationToken cancellationToken)
    {
        foreach (var gone in _lanes.Keys.Except(lanes.Select(lane => lane.Lane)).ToList())
        {
            _lanes.Remove(gone);
        }

        if (lanes.Count == 0)
        {
            return new LaneRead([], [], Unsettled: false);
        }

        var redis = await connection.OpenAsync(cancellationToken);
        await ListenAsync(redis, cancellationToken);
        foreach (var lane in lanes)
        {
            _lanes.TryAdd(lane.Lane, new LaneState());
        }

        var reads = await Task.WhenAll(lanes.Select(lane => ReadAsync(redis.GetDatabase(), lane, limit, cancellationToken)));

        // One that was lost is made again by the next read.
        return new LaneRead(
            [.. reads.SelectMany(read => read.Events)],
            [.. reads.Select(read => read.Examined)],
            Unsettled: reads.Any(read => read.Examined.LeastEpoch is null));
    }

    public async Task AcknowledgeAsync(IReadOnlyList<LaneCursor> lanes, CancellationToken cancellationToken)
    {
        var database = (await connection.OpenAsync(cancellationToken)).GetDatabase();
        await Task.WhenAll(lanes.Select(lane => AcknowledgeAsync(database, lane, cancellationToken)));
    }

    public async ValueTask DisposeAsync()
    {
        if (_wakeUp is not null)
        {
            try
            {
                await _wakeUp.UnsubscribeAsync(connection.WakeChannel, Woken, CommandFlags.FireAndForget);
            }
            catch (Exception exception) when (exception is RedisException or ObjectDisposedException)
            {
                // Then nobody wakes it any more either.
            }
        }
    }

    private async Task ListenAsync(IConnectionMultiplexer redis, CancellationToken cancellationToken)
    {
        if (_wakeUp is not null)
        {
            return;
        }

        var subscriber = redis.GetSubscriber();
        try
        {
            await subscriber.SubscribeAsync(connection.WakeChannel, Woken).WaitAsync(cancellationToken);
            _wakeUp = subscriber;
        }
        catch (RedisException exception)
        {
            throw new TransportUnavailableException($"Redis cannot be reached: {exception.Message}", exception);
        }
    }

    private void Woken(RedisChannel channel, RedisValue lane) => context.Wake();

    private async Task<(List<LaneEvent> Events, LaneCursor Examined)> ReadAsync(
        IDatabase database, LaneCursor cursor, int limit, CancellationToken cancellationToken)
    {
        List<LaneEvent> events = [];
        var found = limit;

        // What nobody here handles is no reason to stop: the worker would rest, though there is more.
        while (events.Count == 0 && found == limit)
        {
            (cursor, var entries) = await EntriesAsync(database, cursor, limit, cancellationToken);
            found = entries.Length;
            foreach (var entry in entries)
            {
                cursor = cursor with { Position = Take(entry, cursor, events) };
            }
        }

        return (events, cursor);
    }

    private async Task<(LaneCursor Cursor, RedisResult[] Entries)> EntriesAsync(
        IDatabase database, LaneCursor cursor, int limit, CancellationToken cancellationToken)
    {
        if (await EntriesOfGroupAsync(database, cursor, limit, cancellationToken) is not { } entries)
        {
            // Nothing more in this read: whatever fails from here on, the owner knows too that there is none.
            await context.Lost(cursor, cancellationToken);
            return (cursor with { LeastEpoch = null }, []);
        }

        return (cursor.LeastEpoch is null ? cursor with { LeastEpoch = await context.Backfill(cursor, cancellationToken) } : cursor, entries);
    }

    /// <summary>Asks for entries, and for the group where none is known to have been there; null where it has gone.</summary>
    private async Task<RedisResult[]?> EntriesOfGroupAsync(IDatabase database, LaneCursor cursor, int limit, CancellationToken cancellationToken)
    {
        var answer = await RedisStreamConnection.RunAsync(
            database,
            StreamScripts.Read,
            [connection.Stream(cursor.Lane), connection.Owner(cursor.Lane, context.Subscription)],
            [context.Subscription, _consumer, cursor.Position, limit, MaxBytes, cursor.LeastEpoch is null],
            cancellationToken);
        return (long)answer[0] == 0 ? null : (RedisResult[])answer[1]!;
    }

    private long Take(RedisResult entry, LaneCursor cursor, List<LaneEvent> events)
    {
        var id = (RedisValue)entry[0];
        var position = PositionOf(id);
        _lanes[cursor.Lane].Handed.Add(position, id);
        if (!entry[1].IsNull && Envelope((RedisResult[])entry[1]!, cursor.Lane) is var envelope && !context.PassesOver(envelope, cursor.LeastEpoch))
        {
            events.Add(new LaneEvent(envelope, position, Delayed: false));
        }

        return position;
    }

    private async Task AcknowledgeAsync(IDatabase database, LaneCursor cursor, CancellationToken cancellationToken)
    {
        if (!_lanes.TryGetValue(cursor.Lane, out var state))
        {
            return;
        }

        var done = state.Handed.UpTo(cursor.Position);
        if (done.Length > 0)
        {
            await AcknowledgeAsync(database, cursor.Lane, done, cancellationToken);
            state.Handed.Remove(done.Length);
            state.Untrimmed = true;
        }

        if (state.Untrimmed && time.GetElapsedTime(state.TrimmedAt) >= options.Value.TrimInterval)
        {
            await RedisStreamConnection.RunAsync(database, StreamScripts.Trim, [connection.Stream(cursor.Lane)], [], cancellationToken);
            state.TrimmedAt = time.GetTimestamp();
            state.Untrimmed = false;
        }
    }

    private async Task AcknowledgeAsync(IDatabase database, short lane, RedisValue[] ids, CancellationToken cancellationToken)
    {
        try
        {
            await database.StreamAcknowledgeAsync(connection.Stream(lane), context.Subscription, ids).WaitAsync(cancellationToken);
        }
        catch (RedisException exception)
        {
            // The next reader of the lane does it: the cursor tells it.
            throw new TransportUnavailableException($"Redis did not take an acknowledgement: {exception.Message}", exception);
        }
    }

    private EventEnvelope Envelope(RedisResult[] fields, short lane)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        ReadOnlyMemory<byte> data = default;
        for (var i = 0; i + 1 < fields.Length; i += 2)
        {
            var name = (string)fields[i]!;
            if (name == RedisStreamTransport.DataField)
            {
                data = (byte[])fields[i + 1]!;
            }
            else
            {
                attributes[name] = (string)fields[i + 1]!;
            }
        }

        return CloudEvent.Read(attributes, data, lane, time.GetUtcNow());
    }

    private static long PositionOf(RedisValue id)
    {
        var text = (string)id!;
        return long.Parse(text.AsSpan(0, text.IndexOf('-', StringComparison.Ordinal)), NumberStyles.None, CultureInfo.InvariantCulture);
    }

    private sealed class LaneState
    {
        public HandedEntries Handed { get; } = new();

        public long TrimmedAt { get; set; }

        public bool Untrimmed { get; set; }
    }

    /// <summary>Entries that reads handed over and that are not acknowledged, in order; one that comes again is listed once.</summary>
    private sealed class HandedEntries
    {
        private readonly List<(long Position, RedisValue Id)> _entries = [];

        public void Add(long position, RedisValue id)
        {
            if (_entries.Count == 0 || position > _entries[^1].Position)
            {
                _entries.Add((position, id));
            }
        }

        public RedisValue[] UpTo(long position) => [.. _entries.TakeWhile(entry => entry.Position <= position).Select(entry => entry.Id)];

        public void Remove(int count) => _entries.RemoveRange(0, count);
    }
}
