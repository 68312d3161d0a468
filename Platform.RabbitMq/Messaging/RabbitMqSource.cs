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
        await CloseAsync(_lanes.Where(open => open.Value.IsClosed || lanes.All(lane => lane.Lane != open.Key)).Select(open => open.Key));
        List<LaneEvent> events = [];
        List<LaneCursor> examined = [];
        foreach (var cursor in lanes)
        {
            if (!_lanes.TryGetValue(cursor.Lane, out var queue))
            {
                queue = _lanes[cursor.Lane] = await OpenAsync(cursor, cancellationToken);
            }

            examined.Add(queue.Read(cursor, limit, events));
        }

        return new LaneRead(events, examined, Unsettled: false);
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

    private async Task<LaneQueue> OpenAsync(LaneCursor cursor, CancellationToken cancellationToken)
    {
        try
        {
            long leastEpoch = 0;
            var isNew = await EventTopology.DeclareAsync(connections.Consuming, options.Value.Prefix, context.Subscription, cursor.Lane, cancellationToken);
            if (isNew || cursor.Position == 0)
            {
                // With a cursor at the start also when the queue is there: who made it may have died before it got here.
                leastEpoch = await context.Backfill(cursor, cancellationToken);
            }

            return await LaneQueue.OpenAsync(connections.Consuming, options.Value.Prefix, context, cursor.Lane, leastEpoch, time, cancellationToken);
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
