namespace Platform.FeatureFlags;

/// <summary>A span of time, once or recurring. The rules are those of Microsoft's <c>Microsoft.TimeWindow</c> filter.</summary>
public sealed record TimeWindowDefinition
{
    /// <summary>The first instant inside; null is always. Needed for a recurrence, whose weekdays are those of this value's own offset.</summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>The first instant outside; null is never.</summary>
    public DateTimeOffset? End { get; init; }

    /// <summary>How the window comes again; null is once.</summary>
    public RecurrenceDefinition? Recurrence { get; init; }
}

/// <summary>How a time window comes again.</summary>
public sealed record RecurrenceDefinition
{
    /// <summary>Every so many days, or on days of the week.</summary>
    public RecurrenceKind Kind { get; init; }

    /// <summary>Days or weeks from one occurrence to the next, 1 to 1,000.</summary>
    public int Interval { get; init; } = 1;

    /// <summary>The days of a weekly recurrence; the start's own day must be among them.</summary>
    public IReadOnlyList<DayOfWeek> Days { get; init; } = [];

    /// <summary>The day a week begins with; Sunday by default.</summary>
    public DayOfWeek FirstDay { get; init; }

    /// <summary>The last instant at which an occurrence may begin; null is no end.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>How many occurrences there are, the first included; null is no end.</summary>
    public int? Occurrences { get; init; }
}

/// <summary>The pattern of a recurrence.</summary>
public enum RecurrenceKind
{
    /// <summary>Every <see cref="RecurrenceDefinition.Interval"/> days.</summary>
    Daily,

    /// <summary>On <see cref="RecurrenceDefinition.Days"/>, every <see cref="RecurrenceDefinition.Interval"/> weeks.</summary>
    Weekly,
}
