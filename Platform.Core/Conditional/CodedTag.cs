namespace Platform.Conditional;

/// <summary>
/// The entity tag of a representation that was compressed on its way: a strong tag differs from coding to coding (RFC 9110, section 8.8.3.3), so
/// <c>"v1"</c> becomes <c>"v1~br"</c>. Thread safe.
/// </summary>
public static class CodedTag
{
    private const char Separator = '~';

    /// <summary>The tag of the same version in a coding.</summary>
    /// <param name="tag">A strong entity tag; any other comes back as it is.</param>
    /// <param name="coding">A content coding: <c>br</c>, <c>gzip</c>.</param>
    public static string For(string tag, string coding)
    {
        ArgumentNullException.ThrowIfNull(tag);
        ArgumentException.ThrowIfNullOrEmpty(coding);
        return tag is ['"', .., '"'] ? string.Concat(tag.AsSpan(0, tag.Length - 1), $"{Separator}{coding}\"") : tag;
    }

    // `"v1~br"` is of `"v1"`.
    internal static bool IsOf(ReadOnlySpan<char> opaque, ReadOnlySpan<char> current)
    {
        if (opaque.Length == current.Length)
        {
            return opaque.SequenceEqual(current);
        }

        var stem = current[..^1];
        return opaque.Length > current.Length + 1
            && opaque.StartsWith(stem, StringComparison.Ordinal)
            && opaque[stem.Length] == Separator
            && opaque[(stem.Length + 1)..^1] is "br" or "gzip" or "zstd" or "deflate";
    }
}
