using System.Buffers.Text;
using System.Security.Cryptography;
using Platform.FeatureFlags;

namespace Platform.ServiceDefaults.FeatureFlags;

/// <summary>
/// Answers about many flags with a validator (RFC 9110, section 8.8.3) that covers rules, question and, where they decide too, clock and chance. While
/// they do not, the same question needs no evaluation to know that its answer is the same.
/// </summary>
internal static class BulkAnswer
{
    private const int HashBytes = 12;

    /// <summary>Answers, unless the client has the answer already.</summary>
    /// <param name="snapshot">The flags.</param>
    /// <param name="question">The request's body.</param>
    /// <param name="suffix">What else the answer depends on; empty for nothing.</param>
    /// <param name="isKnown">Whether the client has the answer with a validator.</param>
    /// <param name="answer">Works the answers out; null where the question cannot be answered.</param>
    /// <returns>The validator, and the answers; no answers where the client has them, no validator where there is none.</returns>
    public static (string? ETag, byte[]? Answers) Give(
        FlagSnapshot snapshot, ReadOnlySpan<byte> question, string suffix, Func<string, bool> isKnown, Func<byte[]?> answer)
    {
        var asked = $"{snapshot.Fingerprint}.{Hash(question)}";
        var etag = $"\"{asked}{suffix}\"";
        if (snapshot.IsSteady && isKnown(etag))
        {
            return (etag, null);
        }

        if (answer() is not { } answers)
        {
            return (null, null);
        }

        etag = snapshot.IsSteady ? etag : $"\"{asked}.{Hash(answers)}{suffix}\"";
        return snapshot.IsSteady || !isKnown(etag) ? (etag, answers) : (etag, null);
    }

    private static string Hash(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return Base64Url.EncodeToString(hash[..HashBytes]);
    }
}
