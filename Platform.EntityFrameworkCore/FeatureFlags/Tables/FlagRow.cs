namespace Platform.EntityFrameworkCore.FeatureFlags.Tables;

/// <summary>One flag, switch, sample, segment or envelope as it is now.</summary>
internal sealed class FlagRow
{
    public required string Kind { get; init; }

    /// <summary>Of a segment; <c>own</c> for everything else, as names are unique there.</summary>
    public required string Origin { get; init; }

    public required string Name { get; init; }

    /// <summary>The version of the document that changed it last.</summary>
    public long Version { get; init; }

    public long Position { get; init; }

    /// <summary>The definition as it was written; of type <c>json</c>, not <c>jsonb</c>, so that it comes back to the letter.</summary>
    public required string Document { get; init; }

    public DateTimeOffset ChangedAt { get; init; }
}
