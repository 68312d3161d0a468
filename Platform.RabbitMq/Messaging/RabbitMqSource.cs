using Microsoft.Extensions.Options;
using Platform.Messaging.Transports;

namespace Platform.RabbitMq.Messaging;

/// <summary>Reads lanes from their queues, each over a channel of its own, which is closed as soon as the lane is let go: then the queue turns to its next consumer.</summary>
internal sealed class RabbitMqSource(
    LaneSourceContext context, RabbitMqConnections connections, IOptions<RabbitMqOptions> options, TimeProvider time) : ILaneSource
{
    private readonly Dictionary<short, LaneQueue> _lanes = [];

    public async Task<LaneRead> ReadAsync(IReadOnlyList<LaneCursor> lanes, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lanes);
        await CloseAsync(_lanes.Where(open => open.Value.IsClosed || !lanes.Any(lane => IsOf(lane, open.Value))).Select(open => open.Key));
        List<LaneEvent> events = [];
        List<LaneCursor> examined = [];
        foreach (var cursor in lanes)
        {
            if (!_lanes.TryGetValue(cursor.Lane, out var queue) && await OpenAsync(cursor, cancellationToken) is { } opened)
            {
                queue = _lanes[cursor.Lane] = opened;
            }

            examined.Add(queue?.Read(cursor, limit, events) ?? cursor with { LeastEpoch = null });
        }

        // One that was lost is made again by the next read.
        return new LaneRead(events, examined, Unsettled: examined.Exists(cursor => cursor.LeastEpoch is null));
    }

    public async Task AcknowledgeAsync(IReadOnlyList<LaneCursor> lanes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lanes);
        foreach (var cursor in lanes)
        {
            if (_lanes.TryGetValue(cursor.Lane, out var queue))
            {
                await queue.AcknowledgeAsync(cursor.Position, cancellationToken);
            }
        }
    }

    public async ValueTask DisposeAsync() => await CloseAsync(_lanes.Keys);

    // Another owner may have had the lane meanwhile, and found its queue gone. Null where the read that opened the queue failed at another lane: a queue that goes
    // closes itself.
    private static bool IsOf(LaneCursor cursor, LaneQueue queue) =>
        cursor.Lane == queue.Lane && (cursor.LeastEpoch ?? queue.LeastEpoch) == queue.LeastEpoch;

    /// <summary>Opens the queue of a lane; null where it was lost, which is noted.</summary>
    private async Task<LaneQueue?> OpenAsync(LaneCursor cursor, CancellationToken cancellationToken)
    {
        try
        {
            var (broker, prefix) = (connections.Consuming, options.Value.Prefix);
            if (cursor.LeastEpoch is not null && !await EventTopology.ExistsAsync(broker, prefix, context.Subscription, cursor.Lane, cancellationToken))
            {
                // Nothing more in this read: whatever fails from here on, the owner knows too that there is none.
                await context.Lost(cursor, cancellationToken);
                return null;
            }

            await EventTopology.DeclareAsync(broker, prefix, context.Subscription, cursor.Lane, cancellationToken);
            var leastEpoch = cursor.LeastEpoch ?? await context.Backfill(cursor, cancellationToken);
            return await LaneQueue.OpenAsync(broker, prefix, context, cursor.Lane, leastEpoch, time, cancellationToken);
        }
        catch (Exception exception) when (BrokerFailure.IsOutage(exception, cancellationToken))
        {
            throw BrokerFailure.Unavailable(exception);
        }
    }

    private async Task CloseAsync(IEnumerable<short> lanes)
    {
        foreach (var lane in lanes.ToList())
        {
            if (_lanes.Remove(lane, out var queue))
            {
                await queue.DisposeAsync();
            }
        }
    }
}
