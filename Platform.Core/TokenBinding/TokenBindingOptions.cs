using System.ComponentModel.DataAnnotations;
using Platform.TokenBinding.Certificates;
using Platform.TokenBinding.DPoP;
using Platform.TokenBinding.Fingerprints;

namespace Platform.TokenBinding;

/// <summary>How tokens are bound to those who may use them.</summary>
public sealed class TokenBindingOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Platform:TokenBinding";

    /// <summary>The key of nonces and fingerprints: 32 bytes in base64, the same in all hosts.</summary>
    /// <value>
    /// By default derived from <c>Platform:Identity:KeyEncryptionKey</c>, and in Development from that one's default. Without any, fingerprints are not
    /// reported, and a host that is to refuse by them or to demand nonces does not start.
    /// </value>
    public string? Key { get; set; }

    /// <summary>Proofs of possession.</summary>
    public DPoPOptions DPoP { get; } = new();

    /// <summary>Client certificates.</summary>
    public CertificateBindingOptions Certificates { get; } = new();

    /// <summary>The client's network and program.</summary>
    public FingerprintOptions Fingerprint { get; } = new();

    /// <summary>
    /// Addresses and networks of the proxies in front, such as <c>10.0.0.0/8</c>: only their <c>X-Forwarded-For</c>, <c>-Proto</c>, <c>-Host</c> and certificate
    /// headers are believed.
    /// </summary>
    /// <value>None by default; up to 50.</value>
    [MaxLength(50)]
    public IList<string> TrustedProxies { get; } = [];

    /// <summary>How often hosts look for tokens that were revoked elsewhere, where Redis does not tell them sooner.</summary>
    /// <value>5 seconds by default; 1 second to 5 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan RevocationPoll { get; set; } = TimeSpan.FromSeconds(5);
}
