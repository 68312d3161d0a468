namespace Platform.FeatureFlags;

/// <summary>How much a document may hold. More is refused when it is saved, so that evaluation needs no limit of its own.</summary>
public static class FlagLimits
{
    /// <summary>Bytes of a document as JSON: 16 MB.</summary>
    public const int DocumentBytes = 16 * 1024 * 1024;

    /// <summary>Bytes of one flag or segment as JSON: 512 KB.</summary>
    public const int FlagBytes = 512 * 1024;

    /// <summary>Levels of JSON within one another.</summary>
    public const int Depth = 64;

    /// <summary>Flags, and as many switches, samples and segments.</summary>
    public const int Flags = 10_000;

    /// <summary>Characters of a name.</summary>
    public const int NameLength = 200;

    /// <summary>Characters of a note.</summary>
    public const int NoteLength = 10_000;

    /// <summary>Entries of one list of users, groups, roles, languages or values.</summary>
    public const int ListLength = 10_000;

    /// <summary>Characters of an entry of such a list.</summary>
    public const int EntryLength = 1_000;

    /// <summary>Rules, constraints of a rule, windows, prerequisites and variants of one flag, each.</summary>
    public const int Parts = 100;

    /// <summary>Flags that wait for one another in a row.</summary>
    public const int PrerequisiteDepth = 10;

    /// <summary>Characters of a regular expression.</summary>
    public const int RegexLength = 1_000;

    /// <summary>States that the counted repetitions of a regular expression may unfold to; RE2's own limit for one repetition.</summary>
    public const int RegexRepetitions = 1_000;

    /// <summary>The longest interval of a recurrence, in days or weeks.</summary>
    public const int RecurrenceInterval = 1_000;
}
