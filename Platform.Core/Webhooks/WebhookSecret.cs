using System.Security.Cryptography;
using System.Text;

namespace Platform.Webhooks;

/// <summary>A secret that sender and receiver of a webhook share (Standard Webhooks 1.0, "Signature scheme": HMAC-SHA256).</summary>
public sealed class WebhookSecret
{
    /// <summary>What the version of the scheme looks like in a signature.</summary>
    internal const string Version = "v1,";

    private const string Prefix = "whsec_";
    private const int MinBytes = 24;
    private const int MaxBytes = 256;

    private readonly byte[] _key;

    private WebhookSecret(byte[] key) => _key = key;

    /// <summary>Reads a secret.</summary>
    /// <param name="text"><c>whsec_</c> and base64; anything else is taken as it is, in UTF-8. 24 to 256 bytes.</param>
    /// <exception cref="FormatException">It is too short, too long, or no base64 follows the prefix. The message holds nothing of it.</exception>
    public static WebhookSecret Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var key = text.StartsWith(Prefix, StringComparison.Ordinal) ? Base64(text[Prefix.Length..]) : Encoding.UTF8.GetBytes(text);
        return key.Length is >= MinBytes and <= MaxBytes
            ? new WebhookSecret(key)
            : throw new FormatException($"A webhook's secret has {MinBytes} to {MaxBytes} bytes.");
    }

    /// <summary>Signs a delivery.</summary>
    /// <param name="id">The message's id, the same at each try (<c>webhook-id</c>).</param>
    /// <param name="timestamp">When this try is made, in seconds since 1970 (<c>webhook-timestamp</c>).</param>
    /// <param name="body">The body, byte for byte.</param>
    /// <returns>What stands in <c>webhook-signature</c>: <c>v1,</c> and base64.</returns>
    public string Sign(string id, string timestamp, ReadOnlySpan<byte> body)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        ArgumentException.ThrowIfNullOrEmpty(timestamp);
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        hash.AppendData(Encoding.UTF8.GetBytes($"{id}.{timestamp}."));
        hash.AppendData(body);
        return Version + Convert.ToBase64String(hash.GetHashAndReset());
    }

    private static byte[] Base64(string text)
    {
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException)
        {
            throw new FormatException($"What follows {Prefix} in a webhook's secret is base64.");
        }
    }
}
