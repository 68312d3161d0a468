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

    // Another owner may have had the lane meanwhile, and found its queue gone.
    private static bool IsOf(LaneCursor cursor, LaneQueue queue) => cursor.Lane == queue.Lane && cursor.LeastEpoch == queue.LeastEpoch;

    private async Task<LaneQueue> OpenAsync(LaneCursor cursor, CancellationToken cancellationToken)
    {
        try
        {
            var (broker, prefix) = (connections.Consuming, options.Value.Prefix);
            var leastEpoch = cursor.LeastEpoch;
            if (leastEpoch is not null && !await EventTopology.ExistsAsync(broker, prefix, context.Subscription, cursor.Lane, cancellationToken))
            {
                await context.Lost(cursor, cancellationToken);
                leastEpoch = null;
            }

            await EventTopology.DeclareAsync(broker, prefix, context.Subscription, cursor.Lane, cancellationToken);
            return await LaneQueue.OpenAsync(
                broker, prefix, context, cursor.Lane, leastEpoch ?? await context.Backfill(cursor, cancellationToken), time, cancellationToken);
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
