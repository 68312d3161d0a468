namespace Platform.FeatureFlags;

/// <summary>A flag that must have a certain answer before this one is asked.</summary>
public sealed record PrerequisiteDefinition
{
    /// <summary>The other flag, of any origin, by name.</summary>
    public required string Flag { get; init; }

    /// <summary>The answer it must have; on by default.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Where there are any, it must be on with one of these variants.</summary>
    public IReadOnlyList<string> Variants { get; init; } = [];
}
