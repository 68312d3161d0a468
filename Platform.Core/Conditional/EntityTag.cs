namespace Platform.Conditional;

/// <summary>
/// Reads and compares entity tags (RFC 9110, section 8.8.3) in place: <c>"opaque"</c>, or <c>W/"opaque"</c> for a weak one. Nothing is allocated.
/// Thread safe.
/// </summary>
public static class EntityTag
{
    /// <summary>
    /// Reads the entity tag that a text begins with. What stands between the quotes is <c>etagc</c>: %x21, %x23 to %x7E, and everything from %x80.
    /// </summary>
    /// <param name="text">Begins with the tag.</param>
    /// <param name="weak">Whether it is a weak one; <c>W</c> is upper case.</param>
    /// <param name="opaque">The opaque tag with its quotes.</param>
    /// <param name="length">How many characters the tag takes.</param>
    /// <returns>False when no entity tag stands there.</returns>
    public static bool TryRead(ReadOnlySpan<char> text, out bool weak, out ReadOnlySpan<char> opaque, out int length)
    {
        weak = text.StartsWith("W/", StringComparison.Ordinal);
        var start = weak ? 2 : 0;
        opaque = default;
        length = 0;
        if (start >= text.Length || text[start] != '"')
        {
            return false;
        }

        for (var i = start + 1; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '"')
            {
                opaque = text[start..(i + 1)];
                length = i + 1;
                return true;
            }

            if (c is < '\u0021' or '\u007f')
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>Whether a text is exactly one entity tag.</summary>
    public static bool IsValid(ReadOnlySpan<char> text) => TryRead(text, out _, out _, out var length) && length == text.Length;

    /// <summary>
    /// Looks for a tag in the value of <c>If-Match</c> or <c>If-None-Match</c> (sections 13.1.1 and 13.1.2).
    /// </summary>
    /// <param name="list">The field's value; several lines are joined with commas. A value that is no list of tags matches nothing.</param>
    /// <param name="current">The tag of the present representation.</param>
    /// <param name="strong">
    /// Strong comparison (section 8.8.3.2): neither tag is weak. A tag that names a content coding of the present representation
    /// (<see cref="CodedTag"/>) is taken for it: it is of the same version.
    /// </param>
    /// <param name="matched">The tag that matched, as it stands in the list.</param>
    public static bool IsIn(ReadOnlySpan<char> list, ReadOnlySpan<char> current, bool strong, out Range matched)
    {
        matched = default;
        if (!TryRead(current, out var currentWeak, out var currentOpaque, out _))
        {
            return false;
        }

        var found = false;
        var at = 0;
        while (SkipToElement(list, ref at))
        {
            if (!TryRead(list[at..], out var weak, out var opaque, out var length))
            {
                return false;
            }

            if (!found && !(strong && (weak || currentWeak)) && CodedTag.IsOf(opaque, currentOpaque))
            {
                found = true;
                matched = at..(at + length);
            }

            at += length;
            if (!EndsElement(list, ref at))
            {
                return false;
            }
        }

        return found;
    }

    /// <summary>Whether the value is <c>*</c>, which stands for any present representation.</summary>
    public static bool IsAny(ReadOnlySpan<char> list) => list.Trim(" \t") is "*";

    // Empty elements are skipped (section 5.6.1.2).
    private static bool SkipToElement(ReadOnlySpan<char> list, ref int at)
    {
        while (at < list.Length && list[at] is ' ' or '\t' or ',')
        {
            at++;
        }

        return at < list.Length;
    }

    private static bool EndsElement(ReadOnlySpan<char> list, ref int at)
    {
        while (at < list.Length && list[at] is ' ' or '\t')
        {
            at++;
        }

        return at == list.Length || list[at] == ',';
    }
}
