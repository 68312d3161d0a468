using Platform.Redaction.Detection;

namespace Platform.Redaction;

/// <summary>Finds personal data and secrets in text: type, place and confidence. Thread safe; allocates only what it returns.</summary>
/// <remarks>
/// Takes time in proportion to the length of the text, whatever the text. Matches may overlap where a value can be of more than
/// one type; a <see cref="Redactor"/> resolves that.
/// </remarks>
public sealed class PiiDetector
{
    private readonly double _minimum;
    private readonly bool _bareValues;

    /// <summary>Makes a detector.</summary>
    /// <param name="options">What counts as a match; the defaults of <see cref="PiiDetectorOptions"/> if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">The least confidence is not within 0.05 and 1.</exception>
    public PiiDetector(PiiDetectorOptions? options = null)
    {
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MinimumConfidence, 0.05);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MinimumConfidence, 1);
        (_minimum, _bareValues) = (options.MinimumConfidence, options.BareValues);
    }

    /// <summary>Finds all matches, by place, the most likely first where several begin at one.</summary>
    /// <param name="text">What to search.</param>
    /// <param name="field">The name of the field that the text is the value of, if it is one: it counts like words before the text.</param>
    /// <returns>The matches; an empty list, not allocated, where there are none.</returns>
    public IReadOnlyList<PiiMatch> Detect(ReadOnlySpan<char> text, ReadOnlySpan<char> field = default)
    {
        var scan = new TextScan(text, _minimum, _bareValues, field, new MatchList(stackalloc PiiMatch[MatchList.OnStack]));
        try
        {
            scan.Run();
            return scan.Matches.Count == 0 ? [] : scan.Matches.Items.ToArray();
        }
        finally
        {
            scan.Matches.Dispose();
        }
    }

    /// <summary>Whether there is a match; never allocates.</summary>
    /// <param name="text">What to search.</param>
    /// <param name="field">The name of the field that the text is the value of, if it is one.</param>
    public bool Contains(ReadOnlySpan<char> text, ReadOnlySpan<char> field = default)
    {
        var scan = new TextScan(text, _minimum, _bareValues, field, new MatchList(stackalloc PiiMatch[MatchList.OnStack]));
        try
        {
            scan.Run();
            return scan.Matches.Count > 0;
        }
        finally
        {
            scan.Matches.Dispose();
        }
    }

    internal TextScan Scan(ReadOnlySpan<char> text, ReadOnlySpan<char> field, MatchList matches)
    {
        var scan = new TextScan(text, _minimum, _bareValues, field, matches);
        scan.Run();
        return scan;
    }
}
