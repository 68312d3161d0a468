using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Platform.Webhooks;

/// <summary>One delivery of a webhook as it came in: three headers and the body (Standard Webhooks 1.0).</summary>
/// <param name="Id"><c>webhook-id</c>: the message's id, the same at each try; the key for the inbox.</param>
/// <param name="Timestamp"><c>webhook-timestamp</c>: seconds since 1970.</param>
/// <param name="Signatures"><c>webhook-signature</c>: one or more, separated by spaces, so that a secret can be replaced without a gap.</param>
/// <param name="Body">The body, byte for byte.</param>
public sealed record WebhookDelivery(string? Id, string? Timestamp, string? Signatures, ReadOnlyMemory<byte> Body)
{
    // More than any sender sends; each costs a comparison.
    private const int MaxSignatures = 10;
    private const int MaxId = 200;

    /// <summary>Checks that a holder of a secret sent this, about now. Takes the same time wherever the first difference is.</summary>
    /// <param name="secrets">Those that count at present: one, or old and new while they are replaced.</param>
    /// <param name="now">The time.</param>
    /// <param name="tolerance">How far the timestamp may lie from it, in either direction.</param>
    public WebhookVerdict Check(IReadOnlyList<WebhookSecret> secrets, DateTimeOffset now, TimeSpan tolerance)
    {
        ArgumentNullException.ThrowIfNull(secrets);
        if (Id is not { Length: > 0 and <= MaxId } || string.IsNullOrEmpty(Timestamp) || string.IsNullOrEmpty(Signatures))
        {
            return WebhookVerdict.Unsigned;
        }

        // The signature first: whoever cannot sign learns nothing of our clock.
        if (!secrets.Any(secret => IsSignedWith(secret)))
        {
            return WebhookVerdict.Forged;
        }

        return long.TryParse(Timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && Math.Abs(now.ToUnixTimeSeconds() - (double)seconds) <= tolerance.TotalSeconds
                ? WebhookVerdict.Genuine
                : WebhookVerdict.OutOfTime;
    }

    private bool IsSignedWith(WebhookSecret secret)
    {
        var expected = Encoding.ASCII.GetBytes(secret.Sign(Id!, Timestamp!, Body.Span));
        var found = false;
        foreach (var signature in Signatures!.Split(' ', MaxSignatures + 1, StringSplitOptions.RemoveEmptyEntries).Take(MaxSignatures))
        {
            found |= CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(signature));
        }

        return found;
    }
}

/// <summary>What a check of a webhook's delivery found.</summary>
public enum WebhookVerdict
{
    /// <summary>Sent by a holder of the secret, about now.</summary>
    Genuine,

    /// <summary>A header is missing or far too long.</summary>
    Unsigned,

    /// <summary>No signature fits.</summary>
    Forged,

    /// <summary>Well signed, but too long ago, or ahead of our clock: perhaps recorded and sent again.</summary>
    OutOfTime,
}
