namespace Platform.FeatureFlags;

/// <summary>
/// A percentage of 100 for a user, drawn from SHA-256 of <c>user\nhint</c>: the first four bytes, little-endian, over <see cref="uint.MaxValue"/>.
/// Drawn once in a request.
/// </summary>
internal sealed class MicrosoftDraw(string hint, bool ignoreCase)
{
    private static uint _keys;

    // Zero is the mark of an entry that nobody wrote.
    private readonly uint _key = Math.Max(1, Interlocked.Increment(ref _keys));
    private readonly byte[] _suffix = MicrosoftFlag.Suffix(hint);

    public double Percent(FlagContext context)
    {
        if (!context.Recall(_key, out var marker))
        {
            var user = context.UserId ?? "";
            marker = StickyHash.Sha256(ignoreCase ? user.ToLowerInvariant() : user, _suffix);
            context.Remember(_key, marker);
        }

        return marker / (double)uint.MaxValue * 100;
    }

    /// <summary>Whether a percentage lies in a range; 100 is part of a range that ends with it.</summary>
    public static bool IsWithin(double percent, double from, double to) => percent >= from && (to == 100 || percent < to);
}
