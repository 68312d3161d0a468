namespace Platform.Redaction;

/// <summary>Cuts a text where no value goes over: behind each line, and behind a private key that spans several.</summary>
internal static class Segments
{
    // As far as a private key may go on after its first line.
    private const int LongestKey = 64 * 1024;

    /// <summary>The length of the first segment.</summary>
    /// <param name="text">What is left of the text.</param>
    /// <param name="isLast">Whether nothing comes behind it.</param>
    /// <returns>0 where the segment is not complete yet.</returns>
    public static int Next(ReadOnlySpan<char> text, bool isLast) => Next(text, '\n', "-----BEGIN ", "-----END ", "PRIVATE KEY", isLast);

    /// <inheritdoc cref="Next(ReadOnlySpan{char}, bool)"/>
    public static int Next(ReadOnlySpan<byte> text, bool isLast) => Next(text, (byte)'\n', "-----BEGIN "u8, "-----END "u8, "PRIVATE KEY"u8, isLast);

    private static int Next<T>(
        ReadOnlySpan<T> text, T lineFeed, ReadOnlySpan<T> begin, ReadOnlySpan<T> close, ReadOnlySpan<T> label, bool isLast)
        where T : unmanaged, IEquatable<T>
    {
        var line = text.IndexOf(lineFeed) + 1;
        if (line == 0)
        {
            return isLast ? text.Length : 0;
        }

        var key = text[..line].IndexOf(begin);
        if (key < 0 || text[key..line].IndexOf(label) < 0 || text[key..line].IndexOf(close) >= 0)
        {
            return line;
        }

        var rest = text.Slice(key, Math.Min(LongestKey, text.Length - key));
        var end = rest.IndexOf(close);
        if (end < 0)
        {
            return rest.Length == LongestKey ? key + LongestKey : isLast ? text.Length : 0;
        }

        var last = text[(key + end)..].IndexOf(lineFeed) + 1;
        return last > 0 ? key + end + last : isLast ? text.Length : 0;
    }
}
