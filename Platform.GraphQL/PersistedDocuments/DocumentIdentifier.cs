using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Platform.GraphQL.PersistedDocuments;

/// <summary>Identifiers of documents (GraphQL over HTTP, appendix A "Persisted Documents", section "Document identifier syntax").</summary>
internal static class DocumentIdentifier
{
    /// <summary>What stands before the digest in an identifier that is made of the text itself.</summary>
    public const string Sha256Prefix = "sha256:";

    private const int Sha256Digits = 64;
    private const int MaxLength = 128;

    private static readonly SearchValues<char> LowerCaseHex = SearchValues.Create("0123456789abcdef");

    private static readonly SearchValues<char> Unreserved =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~");

    /// <summary>The identifier that a text has by itself: <c>sha256:</c> and the digest of its UTF-8 bytes in lower-case hexadecimal.</summary>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        try
        {
            Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(bytes.AsSpan(0, Encoding.UTF8.GetBytes(text, bytes)), digest);
            return Sha256Prefix + Convert.ToHexStringLower(digest);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>Reads a bare SHA-256 digest in hexadecimal, in either case, as <c>queryHash</c> and Apollo's clients have it.</summary>
    public static bool TryFromDigest(string digest, [NotNullWhen(true)] out string? id)
    {
        var fits = digest.Length == Sha256Digits && digest.All(char.IsAsciiHexDigit);
        id = fits ? Sha256Prefix + digest.ToLowerInvariant() : null;
        return fits;
    }

    /// <summary>Whether the identifier says that it is the digest of its text, so that the two can be compared.</summary>
    public static bool IsDigest(string id) => id.StartsWith(Sha256Prefix, StringComparison.Ordinal);

    /// <summary>Holds that an identifier has the syntax of the appendix: <c>sha256:</c> with 64 digits, <c>x-…:…</c>, or one without a colon.</summary>
    public static bool IsWellFormed(string id)
    {
        if (id.Length is 0 or > MaxLength)
        {
            return false;
        }

        var colon = id.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return IsUnreserved(id);
        }

        var payload = id.AsSpan(colon + 1);
        return IsDigest(id)
            ? payload.Length == Sha256Digits && payload.IndexOfAnyExcept(LowerCaseHex) < 0
            : id.StartsWith("x-", StringComparison.Ordinal) && colon > 2 && IsUnreserved(id.AsSpan(0, colon)) && !payload.IsEmpty && IsUnreserved(payload);
    }

    private static bool IsUnreserved(ReadOnlySpan<char> text) => text.IndexOfAnyExcept(Unreserved) < 0;
}
