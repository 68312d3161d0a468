namespace Platform.Messaging.Transports;

/// <summary>A broker that a relay publishes to.</summary>
/// <remarks>
/// A relay is a subscription whose work is publishing: it owns lanes and keeps cursors like any other, so one process at a time publishes a lane.
/// After a crash the last batch may be published again, with the same ids and positions; the consumers' cursors and inbox take care of that.
/// </remarks>
public interface IEventTransport
{
    /// <summary>Publishes events in the order given, which keeps each lane's order, and returns once the broker has them safe.</summary>
    /// <exception cref="TransportUnavailableException">The broker cannot be reached: the same events come again, and none is to blame.</exception>
    /// <exception cref="Exception">
    /// The broker refused something: the events come again in smaller parts, until the one that is refused is alone; it counts its attempts
    /// and is parked in the end.
    /// </exception>
    Task PublishAsync(IReadOnlyList<EventEnvelope> events, CancellationToken cancellationToken);
}

/// <summary>A broker cannot be reached at present.</summary>
public sealed class TransportUnavailableException : Exception
{
    /// <summary>Says so.</summary>
    public TransportUnavailableException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
