using System.ComponentModel.DataAnnotations;

namespace Platform.TokenBinding.Fingerprints;

/// <summary>What happens when a token comes from another client than it was given to.</summary>
public enum FingerprintMode
{
    /// <summary>Nothing is bound and nothing compared.</summary>
    Off,

    /// <summary>It is counted and logged, and let in.</summary>
    ReportOnly,

    /// <summary>It is refused where too little is the same, see <see cref="FingerprintOptions.Threshold"/>: for clients that change networks.</summary>
    Tolerant,

    /// <summary>It is refused where anything differs.</summary>
    Strict,
}

/// <summary>How tokens are bound to the client that they were given to.</summary>
public sealed class FingerprintOptions
{
    /// <summary>What a mismatch leads to.</summary>
    /// <value><see cref="FingerprintMode.ReportOnly"/> by default.</value>
    public FingerprintMode Mode { get; set; } = FingerprintMode.ReportOnly;

    /// <summary>How much of an IPv4 address is the network.</summary>
    /// <value>24 bits by default; 8 to 32.</value>
    [Range(8, 32)]
    public int IPv4Prefix { get; set; } = 24;

    /// <summary>How much of an IPv6 address is the network.</summary>
    /// <value>48 bits by default; 16 to 128.</value>
    [Range(16, 128)]
    public int IPv6Prefix { get; set; } = 48;

    /// <summary>What the same network counts, of 1 with <see cref="UserAgentWeight"/>.</summary>
    /// <value>0.5 by default; 0 to 1.</value>
    [Range(0.0, 1.0)]
    public double NetworkWeight { get; set; } = 0.5;

    /// <summary>What the same user-agent family counts.</summary>
    /// <value>0.5 by default; 0 to 1.</value>
    [Range(0.0, 1.0)]
    public double UserAgentWeight { get; set; } = 0.5;

    /// <summary>The least sum that <see cref="FingerprintMode.Tolerant"/> lets in.</summary>
    /// <value>0.5 by default: one of both has to be the same. 0 to 1.</value>
    [Range(0.0, 1.0)]
    public double Threshold { get; set; } = 0.5;

    /// <summary>Whether a refusal also ends the token and all that were made from the same sign-in, for the thief and for the owner.</summary>
    /// <value>False by default.</value>
    public bool RevokeFamily { get; set; }
}
