using Platform.EntityFrameworkCore.Messaging.Lanes;
using Platform.Messaging;
using Platform.Messaging.Transports;

namespace Platform.EntityFrameworkCore.Messaging.Dispatching;

/// <summary>What a worker has read, by lane, and the order in which it takes it.</summary>
internal sealed class LaneQueues
{
    private readonly List<LaneQueue> _queues = [];
    private readonly HashSet<AggregateKey> _seen = [];

    public LaneQueues(LaneRead read, IReadOnlyList<OwnedLane> lanes)
    {
        foreach (var lane in lanes)
        {
            var events = read.Events.Where(e => e.Envelope.Lane == lane.Lane && e.Position > lane.Position).ToList();
            var examined = read.Examined.FirstOrDefault(cursor => cursor.Lane == lane.Lane);

            // Whatever becomes of the events: the source has found it, or found it gone.
            lane.LeastEpoch = examined.LeastEpoch;
            _queues.Add(new LaneQueue(lane, events, examined.Position));
        }
    }

    /// <summary>Takes the next batch: from every lane in turn, so that as many aggregates as possible are in it.</summary>
    /// <param name="size">Events at most.</param>
    /// <param name="alone">Tells what must not be in a batch; a lane stops there.</param>
    public List<LaneItem> NextBatch(int size, Func<OwnedLane, LaneEvent, bool> alone)
    {
        var batch = new List<LaneItem>();
        for (var round = 0; batch.Count < size; round++)
        {
            var before = batch.Count;
            _seen.Clear();
            TakeOneOfEachAggregate(batch, size, alone, round);
            if (batch.Count == before)
            {
                break;
            }
        }

        return batch;
    }

    /// <summary>Takes the first event of each lane, where it is one for itself.</summary>
    public IEnumerable<LaneItem> NextAlone(Func<OwnedLane, LaneEvent, bool> alone)
    {
        foreach (var queue in _queues)
        {
            if (queue.Head is { } head && alone(queue.Lane, head))
            {
                yield return new LaneItem(queue.Lane, queue.Take(), Round: 0);
            }
        }
    }

    /// <summary>Notes how far the lanes are that have nothing left.</summary>
    public void Finish()
    {
        foreach (var queue in _queues)
        {
            if (queue.Head is null && queue.Lane.State is LaneState.Owned)
            {
                queue.Lane.Position = Math.Max(queue.Lane.Position, queue.Examined);
            }
        }
    }

    private void TakeOneOfEachAggregate(List<LaneItem> batch, int size, Func<OwnedLane, LaneEvent, bool> alone, int round)
    {
        foreach (var queue in _queues)
        {
            while (batch.Count < size && queue.Head is { } head && !alone(queue.Lane, head))
            {
                if (!_seen.Add(new AggregateKey(head.Envelope.AggregateType, head.Envelope.AggregateId)))
                {
                    break;
                }

                batch.Add(new LaneItem(queue.Lane, queue.Take(), round));
            }
        }
    }

    private sealed class LaneQueue(OwnedLane lane, List<LaneEvent> events, long examined)
    {
        private int _next;

        public OwnedLane Lane => lane;

        public long Examined => examined;

        public LaneEvent? Head => _next < events.Count && lane.State is LaneState.Owned ? events[_next] : null;

        public LaneEvent Take() => events[_next++];
    }
}

/// <summary>An event of an owned lane.</summary>
/// <param name="Lane">The lane.</param>
/// <param name="Event">The event.</param>
/// <param name="Round">See <see cref="HandlerCall.Round"/>.</param>
internal sealed record LaneItem(OwnedLane Lane, LaneEvent Event, int Round)
{
    public EventEnvelope Envelope => Event.Envelope;

    public AggregateKey Aggregate => new(Envelope.AggregateType, Envelope.AggregateId);
}
