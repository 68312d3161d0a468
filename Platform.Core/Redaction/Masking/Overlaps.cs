namespace Platform.Redaction.Masking;

/// <summary>Makes one match of those that overlap.</summary>
internal static class Overlaps
{
    /// <summary>
    /// Of matches that overlap the most likely that covers them all remains. Where none does, all they cover is one value that
    /// cannot be masked in part; its confidence is then -1.
    /// </summary>
    /// <param name="matches">Sorted by place. Is overwritten.</param>
    /// <param name="policy">Matches of types that stay are left out, unless another reading of the same place is less likely.</param>
    public static ReadOnlySpan<PiiMatch> Resolve(Span<PiiMatch> matches, RedactionPolicy policy)
    {
        var kept = 0;
        for (var i = 0; i < matches.Length;)
        {
            var end = matches[i].End;
            var next = i + 1;
            while (next < matches.Length && matches[next].Start < end)
            {
                end = Math.Max(end, matches[next++].End);
            }

            if (TryMerge(matches[i..next], end, policy, out var merged))
            {
                matches[kept++] = merged;
            }

            i = next;
        }

        return matches[..kept];
    }

    private static bool TryMerge(ReadOnlySpan<PiiMatch> group, int end, RedactionPolicy policy, out PiiMatch merged)
    {
        var start = group[0].Start;
        PiiMatch? whole = null;
        PiiMatch? hidden = null;
        var (hiddenStart, hiddenEnd) = (int.MaxValue, 0);
        foreach (var match in group)
        {
            if (match.Start == start && match.End == end && (whole is null || match.Confidence > whole.Value.Confidence))
            {
                whole = match;
            }

            if (policy.ActionFor(match.Type) != RedactionAction.Keep)
            {
                hidden = hidden is null || match.Confidence > hidden.Value.Confidence ? match : hidden;
                (hiddenStart, hiddenEnd) = (Math.Min(hiddenStart, match.Start), Math.Max(hiddenEnd, match.End));
            }
        }

        merged = default;
        if (hidden is null || (whole is not null && policy.ActionFor(whole.Value.Type) == RedactionAction.Keep && whole.Value.Confidence >= hidden.Value.Confidence))
        {
            return false;
        }

        if (whole is not null && policy.ActionFor(whole.Value.Type) != RedactionAction.Keep)
        {
            merged = whole.Value;
            return true;
        }

        merged = hidden.Value.Start == hiddenStart && hidden.Value.End == hiddenEnd
            ? hidden.Value
            : hidden.Value with { Start = hiddenStart, End = hiddenEnd, Confidence = -1 };
        return true;
    }
}
