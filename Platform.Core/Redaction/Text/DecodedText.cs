namespace Platform.Redaction;

/// <summary>The thread's buffer for text that is decoded only to be looked at.</summary>
internal static class DecodedText
{
    // A buffer that one large text has grown is not kept.
    private const int LargestKept = 256 * 1024;

    [ThreadStatic]
    private static PooledChars? _kept;

    public static PooledChars Rent()
    {
        var chars = _kept ?? new PooledChars();
        _kept = null;
        chars.Clear();
        return chars;
    }

    public static void Return(PooledChars chars)
    {
        if (chars.Length <= LargestKept)
        {
            _kept = chars;
        }
        else
        {
            chars.Dispose();
        }
    }
}
