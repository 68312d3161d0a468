namespace Platform.FeatureFlags;

/// <summary>
/// A version by Semantic Versioning 2.0.0, strictly: three numbers without leading zeros, no <c>v</c> before them. Build metadata does not
/// count (section 10).
/// </summary>
internal readonly ref struct SemanticVersion
{
    private SemanticVersion(ReadOnlySpan<char> core, ReadOnlySpan<char> prerelease)
    {
        Core = core;
        Prerelease = prerelease;
    }

    private ReadOnlySpan<char> Core { get; }

    private ReadOnlySpan<char> Prerelease { get; }

    public static bool TryParse(ReadOnlySpan<char> text, out SemanticVersion version)
    {
        version = default;
        var plus = text.IndexOf('+');
        if (plus >= 0)
        {
            if (!AreIdentifiers(text[(plus + 1)..], numericMayStartWithZero: true))
            {
                return false;
            }

            text = text[..plus];
        }

        var dash = text.IndexOf('-');
        var prerelease = ReadOnlySpan<char>.Empty;
        if (dash >= 0)
        {
            prerelease = text[(dash + 1)..];
            if (!AreIdentifiers(prerelease, numericMayStartWithZero: false))
            {
                return false;
            }

            text = text[..dash];
        }

        var numbers = 0;
        foreach (var part in text.Split('.'))
        {
            var digits = text[part];
            if (!IsNumber(digits) || (digits.Length > 1 && digits[0] == '0'))
            {
                return false;
            }

            numbers++;
        }

        version = new SemanticVersion(text, prerelease);
        return numbers == 3;
    }

    /// <summary>Precedence, section 11.</summary>
    public int CompareTo(SemanticVersion other)
    {
        var core = CompareParts(Core, other.Core);
        if (core != 0)
        {
            return core;
        }

        return (Prerelease.IsEmpty, other.Prerelease.IsEmpty) switch
        {
            (true, true) => 0,
            (true, false) => 1,
            (false, true) => -1,
            _ => CompareParts(Prerelease, other.Prerelease),
        };
    }

    private static int CompareParts(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        while (true)
        {
            var mine = Take(ref left);
            var theirs = Take(ref right);
            if (mine.IsEmpty || theirs.IsEmpty)
            {
                // A longer list of identifiers comes later, when all before it are equal.
                return mine.Length.CompareTo(theirs.Length);
            }

            var order = Compare(mine, theirs);
            if (order != 0)
            {
                return order;
            }
        }
    }

    private static int Compare(ReadOnlySpan<char> left, ReadOnlySpan<char> right) => (IsNumber(left), IsNumber(right)) switch
    {
        // Numbers have no leading zeros, so the longer is the greater, however many digits it has.
        (true, true) when left.Length != right.Length => left.Length.CompareTo(right.Length),
        (true, false) => -1,
        (false, true) => 1,
        _ => left.SequenceCompareTo(right),
    };

    private static ReadOnlySpan<char> Take(ref ReadOnlySpan<char> parts)
    {
        var dot = parts.IndexOf('.');
        var part = dot < 0 ? parts : parts[..dot];
        parts = dot < 0 ? [] : parts[(dot + 1)..];
        return part;
    }

    private static bool IsNumber(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange('0', '9');

    private static bool AreIdentifiers(ReadOnlySpan<char> text, bool numericMayStartWithZero)
    {
        foreach (var range in text.Split('.'))
        {
            var part = text[range];
            if (part.IsEmpty || part.ContainsAnyExcept(IdentifierCharacters))
            {
                return false;
            }

            if (!numericMayStartWithZero && part.Length > 1 && part[0] == '0' && IsNumber(part))
            {
                return false;
            }
        }

        return true;
    }

    private static readonly System.Buffers.SearchValues<char> IdentifierCharacters =
        System.Buffers.SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-");
}
