using System.ComponentModel.DataAnnotations;

namespace Platform.ServiceDefaults.FeatureFlags.Ofrep;

/// <summary>The OpenFeature Remote Evaluation Protocol. Section <c>Platform:FeatureFlags:Ofrep</c>.</summary>
public sealed class OfrepOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Platform:FeatureFlags:Ofrep";

    /// <summary>
    /// Keys for <c>X-API-Key</c>: a name for each, and the SHA-256 of the key in hexadecimal (<c>printf %s "$KEY" | sha256sum</c>), so that no
    /// configuration holds the key itself. Each key should have 128 bits of chance.
    /// </summary>
    public Dictionary<string, string> Keys { get; } = new(StringComparer.Ordinal);

    /// <summary>Bytes of a request's body at most; more is answered 400 with <c>INVALID_CONTEXT</c>, unread where its length is told.</summary>
    /// <value>64 KB by default; 1 KB to 1 MB.</value>
    [Range(1024, 1024 * 1024)]
    public int MaxBodyBytes { get; set; } = 64 * 1024;

    /// <summary>Evaluations, single or bulk, that one client may ask of one replica in a second in the mean; more is answered 429.</summary>
    /// <value>500 by default; 1 to 1,000,000.</value>
    [Range(1, 1_000_000)]
    public int RequestsPerSecond { get; set; } = 500;

    /// <summary>How many of them may come at once.</summary>
    /// <value>1,000 by default; 1 to 1,000,000.</value>
    [Range(1, 1_000_000)]
    public int Burst { get; set; } = 1_000;
}
