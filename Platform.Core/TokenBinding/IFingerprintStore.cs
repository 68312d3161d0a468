namespace Platform.TokenBinding;

/// <summary>Remembers what the client looked like that used a token first, for all replicas together. Thread safe.</summary>
public interface IFingerprintStore
{
    /// <summary>Keeps the first fingerprint of a token.</summary>
    /// <param name="token">What stands for the token, up to 43 characters; never the token itself.</param>
    /// <param name="seal">The sealed fingerprint of now, up to 128 characters.</param>
    /// <param name="expiresAt">When the token is worth nothing anyhow.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The one that came first; of requests that race, the same for all.</returns>
    Task<string> KeepFirstAsync(string token, string seal, DateTimeOffset expiresAt, CancellationToken cancellationToken = default);
}
