using System.ComponentModel.DataAnnotations;

namespace Platform.TokenBinding.DPoP;

/// <summary>Where a proof needs a nonce of the server (RFC 9449, sections 8 and 9).</summary>
public enum DPoPNonceUse
{
    /// <summary>Nowhere. Nonces that a client sends are checked all the same.</summary>
    Never,

    /// <summary>At the token endpoint.</summary>
    TokenEndpoint,

    /// <summary>At the token endpoint and at every resource.</summary>
    Everywhere,
}

/// <summary>How proofs of possession (RFC 9449) are checked.</summary>
public sealed class DPoPOptions
{
    /// <summary>The algorithms that are known: EdDSA is not, because .NET has no Ed25519.</summary>
    public static IReadOnlyList<string> KnownAlgorithms { get; } = ["ES256", "ES384", "PS256"];

    /// <summary>The algorithms that are accepted.</summary>
    /// <value>All of <see cref="KnownAlgorithms"/> by default.</value>
    public IList<string> Algorithms { get; } = [];

    /// <summary>How old a proof may be.</summary>
    /// <value>1 minute by default; 5 seconds to 10 minutes. The replay store remembers for as long.</value>
    [Range(typeof(TimeSpan), "00:00:05", "00:10:00")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How far the clocks of client and server may differ, both ways.</summary>
    /// <value>10 seconds by default; 0 to 5 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Where nonces are required.</summary>
    /// <value><see cref="DPoPNonceUse.Never"/> by default.</value>
    public DPoPNonceUse RequireNonce { get; set; }

    /// <summary>How long a nonce is accepted; a new one is offered at half of it.</summary>
    /// <value>5 minutes by default; 10 seconds to 1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:10", "01:00:00")]
    public TimeSpan NonceLifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The longest proof, in characters.</summary>
    /// <value>4,096 by default; 1,024 to 8,192.</value>
    [Range(1024, DPoPVerifier.LongestProof)]
    public int MaxProofLength { get; set; } = 4096;

    /// <summary>
    /// The scheme, host and port under which clients know this host, such as <c>https://api.example.com</c>. It takes the place of what the
    /// request says of itself, so that a proof for another host is refused whatever the Host header says.
    /// </summary>
    /// <value>By default those of the request, as trusted proxies tell them.</value>
    public Uri? PublicOrigin { get; set; }

    /// <summary>For how long a proof can be accepted at most, counted from when it comes in.</summary>
    internal TimeSpan Remembered => Lifetime + (2 * ClockSkew) + TimeSpan.FromSeconds(1);

    internal IEnumerable<string> Accepted => Algorithms.Count == 0 ? KnownAlgorithms : Algorithms;

    internal bool Accepts(string algorithm) => Algorithms.Count == 0 ? KnownAlgorithms.Contains(algorithm) : Algorithms.Contains(algorithm);
}
