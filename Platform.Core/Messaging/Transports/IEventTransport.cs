namespace Platform.Messaging.Transports;

/// <summary>A broker that a relay publishes to.</summary>
/// <remarks>
/// A relay is a subscription whose work is publishing: it owns lanes and keeps cursors like any other, so one process at a time publishes a lane.
/// After a crash the last batch may be published again, with the same ids and positions; the consumers' cursors and inbox take care of that.
/// </remarks>
public interface IEventTransport
{
    /// <summary>Publishes events in the order given, which keeps each lane's order, and returns once the broker has them safe.</summary>
    /// <exception cref="Exception">Not all are safe: the same events come again.</exception>
    Task PublishAsync(IReadOnlyList<EventEnvelope> events, CancellationToken cancellationToken);
}
