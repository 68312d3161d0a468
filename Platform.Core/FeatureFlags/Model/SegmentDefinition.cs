using System.Text.Json;

namespace Platform.FeatureFlags;

/// <summary>Constraints with a name: a caller is in the segment when all of them hold.</summary>
public sealed record SegmentDefinition
{
    /// <summary>The name that rules use; of an Unleash segment its id.</summary>
    public required string Name { get; init; }

    /// <summary>Whose flags may use it: own or Unleash.</summary>
    public FlagOrigin Origin { get; init; }

    /// <summary>Own segments: what has to hold.</summary>
    public IReadOnlyList<ConstraintDefinition> Constraints { get; init; } = [];

    /// <inheritdoc cref="FlagDefinition.Note"/>
    public string Note { get; init; } = "";

    /// <summary>Unleash segments: the segment as Unleash writes it.</summary>
    public JsonElement? Definition { get; init; }
}
