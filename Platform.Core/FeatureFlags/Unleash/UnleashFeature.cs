namespace Platform.FeatureFlags;

/// <summary>A feature of Unleash's client API, read.</summary>
internal sealed record UnleashFeature(
    string Name,
    bool Enabled,
    IReadOnlyList<UnleashStrategy> Strategies,
    IReadOnlyList<UnleashVariant> Variants,
    IReadOnlyList<PrerequisiteDefinition> Dependencies);

/// <summary>An activation strategy: its constraints and segments hold, and it says yes.</summary>
internal sealed record UnleashStrategy(
    string Name,
    IReadOnlyDictionary<string, string> Parameters,
    IReadOnlyList<ConstraintDefinition> Constraints,
    IReadOnlyList<string> Segments,
    IReadOnlyList<UnleashVariant> Variants);

/// <summary>A variant with a weight of any size: the sum is what counts.</summary>
internal sealed record UnleashVariant(
    string Name, int Weight, string? PayloadType, System.Text.Json.JsonElement? PayloadValue, string? Stickiness, IReadOnlyList<UnleashOverride> Overrides);

/// <summary>Values of a field that get a variant whatever the weights say.</summary>
internal sealed record UnleashOverride(string Field, IReadOnlyList<string> Values);
