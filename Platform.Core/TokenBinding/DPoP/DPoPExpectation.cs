namespace Platform.TokenBinding.DPoP;

/// <summary>What a proof has to prove.</summary>
/// <param name="Method">The method of the request.</param>
/// <param name="Address">The address of the request, absolute, without query and fragment.</param>
/// <param name="AccessToken">The access token that came along, or null at the token endpoint.</param>
/// <param name="BoundKey">The thumbprint that the token is bound to (<c>cnf.jkt</c>), or null where there is no token yet.</param>
/// <param name="NonceRequired">Whether the proof needs a nonce of the server.</param>
public readonly record struct DPoPExpectation(string Method, string Address, string? AccessToken, string? BoundKey, bool NonceRequired);

/// <summary>What came of checking a proof.</summary>
public readonly record struct DPoPVerdict
{
    /// <summary>The check that failed, or null where all held. A replay has still to be ruled out with <see cref="ReplayKey"/>.</summary>
    public DPoPCheck? Failed { get; init; }

    /// <summary>The thumbprint of the proof's key (RFC 7638, SHA-256, base64url); null where a check failed.</summary>
    public string? Thumbprint { get; init; }

    /// <summary>What a second use of the proof has in common with the first: a hash of key and <c>jti</c>. Null where a check failed.</summary>
    public string? ReplayKey { get; init; }

    /// <summary>The client's nonce is missing or soon too old: give it another.</summary>
    public bool OfferNonce { get; init; }

    /// <summary>Whether all checks held.</summary>
    public bool Holds => Failed is null && Thumbprint is not null;
}
