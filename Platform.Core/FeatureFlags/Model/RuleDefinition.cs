namespace Platform.FeatureFlags;

/// <summary>One rule of an own flag: it fits when all its segments and constraints hold and the caller is within its percentage.</summary>
public sealed record RuleDefinition
{
    /// <summary>What the rule is for; shown by the explanation.</summary>
    public string Name { get; init; } = "";

    /// <summary>Own segments that the caller must be in, by name.</summary>
    public IReadOnlyList<string> Segments { get; init; } = [];

    /// <summary>What has to hold.</summary>
    public IReadOnlyList<ConstraintDefinition> Constraints { get; init; } = [];

    /// <summary>Percent of those who fit, sticky, 0 to 100; null is all. Uses the same buckets as the flag's own percentage.</summary>
    public decimal? Percent { get; init; }

    /// <summary>What the rule answers; on by default.</summary>
    public bool Serve { get; init; } = true;

    /// <summary>The variant for those who fit, by name; null leaves it to the weights.</summary>
    public string? Variant { get; init; }
}
