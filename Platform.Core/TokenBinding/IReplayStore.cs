namespace Platform.TokenBinding;

/// <summary>Remembers what may be used once, for all replicas together. Thread safe.</summary>
public interface IReplayStore
{
    /// <summary>Marks a key as used.</summary>
    /// <param name="key">Up to 100 characters.</param>
    /// <param name="lifetime">How long to remember it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>True for exactly one of all that ask within the lifetime.</returns>
    /// <exception cref="Errors.ErrorException">The store is away: nobody can tell, so nobody is let in (503).</exception>
    ValueTask<bool> TryUseAsync(string key, TimeSpan lifetime, CancellationToken cancellationToken = default);
}
