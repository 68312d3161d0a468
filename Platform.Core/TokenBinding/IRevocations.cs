namespace Platform.TokenBinding;

/// <summary>Tokens that ended before their time, as every host knows them in memory. Thread safe.</summary>
public interface IRevocations
{
    /// <summary>This host has learned of revocations: what stays open by a token asks <see cref="IsRevoked"/> again. Raised on any thread; handlers are short and do not throw.</summary>
    event Action? Changed;

    /// <summary>Whether a family of tokens, or a token by itself, was revoked. Asks no server.</summary>
    /// <param name="family">The id of the authorization, or of the token where it has none.</param>
    bool IsRevoked(string family);

    /// <summary>Revokes a family for all hosts: this one knows at once, the others within a moment.</summary>
    /// <param name="family">The id.</param>
    /// <param name="expiresAt">When the last of its tokens has expired anyhow.</param>
    /// <param name="reason">Why, for a person.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task RevokeAsync(string family, DateTimeOffset expiresAt, string reason, CancellationToken cancellationToken = default);
}

/// <summary>Keeps revocations. Thread safe.</summary>
public interface IRevocationStore
{
    /// <summary>Adds one, and ends what the token server keeps of the family, refresh tokens included.</summary>
    Task AddAsync(string family, DateTimeOffset expiresAt, string reason, CancellationToken cancellationToken = default);

    /// <summary>A word that changes whenever the list does.</summary>
    Task<string> ReadMarkAsync(CancellationToken cancellationToken = default);

    /// <summary>Reads those that have not expired, the newest first, up to a limit.</summary>
    Task<IReadOnlyList<string>> ReadAsync(int limit, CancellationToken cancellationToken = default);
}
