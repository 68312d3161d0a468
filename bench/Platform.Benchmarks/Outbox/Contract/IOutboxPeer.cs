namespace Platform.Benchmarks.Outbox.Contract;

/// <summary>One way to get an event from a committed transaction to a handler; driven by <see cref="PeerProgram"/> in a process of its own.</summary>
public interface IOutboxPeer : IAsyncDisposable
{
    /// <summary>Makes the peer's tables in an empty database, next to those of <see cref="EffectContext"/>.</summary>
    Task PrepareAsync(CancellationToken cancellationToken);

    /// <summary>Gets ready for one run; nothing is handled yet, and with <see cref="HandledLog.SendsOnly"/> nothing will be.</summary>
    Task OpenAsync(HandledLog handled, CancellationToken cancellationToken);

    /// <summary>Commits one business row and one event, or several of both, in one transaction of the application.</summary>
    Task EnqueueAsync(IReadOnlyList<ParcelMoved> events, CancellationToken cancellationToken);

    /// <summary>Lets what was enqueued go, and handles from here on.</summary>
    Task ReleaseAsync(CancellationToken cancellationToken);

    /// <summary>Commits one event and sends it on at once, as the application does when it is not held back.</summary>
    /// <returns>The timestamp immediately before the commit.</returns>
    Task<long> SendAsync(ParcelMoved moved, CancellationToken cancellationToken);

    /// <summary>Ends the run.</summary>
    Task CloseAsync(CancellationToken cancellationToken);
}
