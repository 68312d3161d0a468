namespace Platform.FeatureFlags;

/// <summary>Where a host learns of changes. Thread safe.</summary>
public interface IFlagFeed
{
    /// <summary>Reads what changed.</summary>
    /// <param name="known">What the caller has.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What is stored now; <paramref name="known"/> itself where that is the same.</returns>
    Task<StoredFlags> ReadAsync(StoredFlags known, CancellationToken cancellationToken = default);

    /// <summary>Hears of changes until the connection breaks, which it tells by an exception, or until it is cancelled.</summary>
    /// <param name="connected">Called once the connection listens: what changed before has to be read now.</param>
    /// <param name="heard">Called with each version. Must not block.</param>
    /// <param name="cancellationToken">Stops listening.</param>
    Task ListenAsync(Action connected, Action<long> heard, CancellationToken cancellationToken);
}
