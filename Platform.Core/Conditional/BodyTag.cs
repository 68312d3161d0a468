using System.Security.Cryptography;

namespace Platform.Conditional;

/// <summary>
/// The strong entity tag of what has no version of its own: a digest of its bytes. It saves the way, not the work, so it is for what a version cannot be had of. Thread safe.
/// </summary>
public static class BodyTag
{
    // 128 bits: nobody can make two bodies with one tag.
    private const int TagBytes = 16;

    /// <summary>The tag of a body.</summary>
    /// <param name="body">As it is before it is compressed (<see cref="CodedTag"/>).</param>
    public static string Of(ReadOnlySpan<byte> body)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, digest);
        return $"\"{Convert.ToHexStringLower(digest[..TagBytes])}\"";
    }
}
