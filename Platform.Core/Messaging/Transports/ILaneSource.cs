namespace Platform.Messaging.Transports;

/// <summary>
/// Where a subscription's events come from: the log in PostgreSQL, or a broker that a relay fills from it. The owner of a lane reads it,
/// handles what it got, and the lane's cursor in PostgreSQL moves in the handlers' transaction: a source never decides what was handled.
/// </summary>
/// <remarks>Used by one worker at a time; the lanes of one call are owned by that worker.</remarks>
public interface ILaneSource : IAsyncDisposable
{
    /// <summary>Reads what follows the cursors, in the order of each lane. Returns at once, also with nothing.</summary>
    /// <param name="lanes">
    /// The lanes and how far each was handled. An event at or before its lane's cursor may come again and is passed over. A lane that was in the
    /// call before and is not in this one has been let go of: the source keeps nothing of it. May be empty.
    /// </param>
    /// <param name="limit">Events for each lane at most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<LaneRead> ReadAsync(IReadOnlyList<LaneCursor> lanes, int limit, CancellationToken cancellationToken);

    /// <summary>Tells the source that a lane's cursor was committed, so that a broker can drop what lies before it.</summary>
    Task AcknowledgeAsync(IReadOnlyList<LaneCursor> lanes, CancellationToken cancellationToken);
}

/// <summary>How far a lane was handled.</summary>
/// <param name="Lane">Which lane.</param>
/// <param name="Position">The source's position of the last event that was handled, deferred or passed over; 0 for none.</param>
/// <param name="LeastEpoch">
/// For a broker: the least <see cref="EventEnvelope.RelayEpoch"/> that counts, as <see cref="LaneSourceContext.Backfill"/> returned it to this owner of the lane
/// or to one before; null while the broker is not known to keep what is published for the lane.
/// </param>
public readonly record struct LaneCursor(short Lane, long Position, long? LeastEpoch = null);

/// <summary>What a read found.</summary>
/// <param name="Events">Grouped by lane, each lane in order.</param>
/// <param name="Examined">
/// For each lane that was asked for, how far the source looked: nothing at or before it will come any more. With the least epoch that it found.
/// </param>
/// <param name="Unsettled">There is more that cannot be taken before a transaction that runs now has ended: look again in a moment.</param>
public sealed record LaneRead(IReadOnlyList<LaneEvent> Events, IReadOnlyList<LaneCursor> Examined, bool Unsettled);

/// <summary>An event as a source hands it over.</summary>
/// <param name="Envelope">The event.</param>
/// <param name="Position">
/// The source's own position, growing within the lane: the log's for the log, the entry's id or offset for a broker. Not the one in
/// the envelope, because a relay publishes an event late when a try failed.
/// </param>
/// <param name="Delayed">Its <see cref="EventEnvelope.AvailableAt"/> lies ahead by the clock of the source.</param>
public sealed record LaneEvent(EventEnvelope Envelope, long Position, bool Delayed);

/// <summary>What a source is made for.</summary>
/// <param name="Services">The process's services.</param>
/// <param name="Subscription">The subscription's name.</param>
/// <param name="Wake">To be called when there may be something new; without it a source is only polled. Thread safe.</param>
public sealed record LaneSourceContext(IServiceProvider Services, string Subscription, Action Wake)
{
    /// <summary>
    /// Types that the subscription has no handler for, so that a source need not hand them over; it counts them as examined.
    /// </summary>
    public IReadOnlySet<string> PassedOver { get; init; } = new HashSet<string>();

    /// <summary>Tells whether an event need not be handed over.</summary>
    /// <param name="envelope">The event.</param>
    /// <param name="leastEpoch">That of its lane's cursor; null counts as 0.</param>
    public bool PassesOver(EventEnvelope envelope, long? leastEpoch)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        return PassedOver.Contains(envelope.EventType) || (envelope.RelayEpoch != 0 && envelope.RelayEpoch < leastEpoch);
    }

    /// <summary>
    /// To be called for a lane whose cursor has no least epoch, once the broker keeps what is published for this subscription from now on: the relay
    /// publishes again what the log holds; the inbox knows what was handled of it. The result is the least <see cref="EventEnvelope.RelayEpoch"/> that counts:
    /// events with a lower one, unless it is 0, were under way before, come again, and are to be passed over, or they would come before those that they
    /// follow. It is kept with the lane, whoever owns it next.
    /// </summary>
    public Func<LaneCursor, CancellationToken, Task<long>> Backfill { get; init; } = (_, _) => Task.FromResult(0L);

    /// <summary>
    /// To be called for a lane whose cursor has a least epoch when the broker knows nothing of it, since it lost its data; before the broker is told to keep
    /// anything, so that whoever dies in between leaves a lane without a least epoch. The read then says so of the lane, and the next one makes what is
    /// missing and calls <see cref="Backfill"/>.
    /// </summary>
    public Func<LaneCursor, CancellationToken, Task> Lost { get; init; } = (_, _) => Task.CompletedTask;
}
