namespace Platform.GraphQL.Subscriptions.Sources;

/// <summary>A source stream of which one can tell when it is listened to, and that can go on from where a subscriber was.</summary>
internal interface IAwaitedSource : IObservable<object?>
{
    /// <summary>Begins to listen.</summary>
    /// <param name="observer">Told of one event after another; it must not block.</param>
    /// <param name="after">The id of the last event that the subscriber has, or null to begin with what happens from now on.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Once every event from now on is told; dispose of it to hear no more.</returns>
    /// <exception cref="Platform.Errors.ErrorException">The event is not kept any more, or too many came behind it.</exception>
    Task<IDisposable> SubscribeAsync(IObserver<object?> observer, string? after, CancellationToken cancellationToken);
}
