namespace Platform.Messaging.Feed;

/// <summary>
/// Tells this process of every event once it is committed, whichever process sent it: what pushes to clients needs. A subscription
/// (<c>AddSubscription</c>) shares events out among processes instead, and remembers what was handled; a feed begins anew with each process.
/// </summary>
/// <remarks>
/// Events come in the order of their positions, which is the same in every process and keeps the order of each aggregate; each event comes once. One that
/// is enqueued for a later time is not told. Thread safe.
/// </remarks>
public interface IEventFeed
{
    /// <summary>Begins to listen: to every event of a transaction that begins after this was called, or that has not ended by then.</summary>
    /// <param name="listener">Called for one event after another. It must neither block nor throw.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Once everything that is sent from now on is told; dispose of it to hear no more.</returns>
    Task<IDisposable> ListenAsync(Action<FeedEvent> listener, CancellationToken cancellationToken);

    /// <summary>Reads what came behind an event. To miss nothing, listen first, and pass over what is heard up to <see cref="FeedHistory.UpTo"/>.</summary>
    /// <param name="position">The event's <see cref="EventEnvelope.Position"/>.</param>
    /// <param name="eventTypes">Which types.</param>
    /// <param name="limit">How many events at most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null when the event is not kept any more, or more events than the limit came behind it.</returns>
    Task<FeedHistory?> ReadAfterAsync(long position, IReadOnlyCollection<string> eventTypes, int limit, CancellationToken cancellationToken);
}

/// <summary>An event of the feed.</summary>
/// <param name="Envelope">The event as it is stored.</param>
/// <param name="Body">Its body, of the type that it is declared with.</param>
public sealed record FeedEvent(EventEnvelope Envelope, object Body);

/// <summary>A part of the log that lies behind.</summary>
/// <param name="Events">In the order of their positions.</param>
/// <param name="UpTo">The position up to which this is all there is; who listened before it was read is told of what lies behind it.</param>
public sealed record FeedHistory(IReadOnlyList<FeedEvent> Events, long UpTo);
