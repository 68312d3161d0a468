using System.Text.Json;

namespace Platform.FeatureFlags;

/// <summary>One switch: on or off for everybody.</summary>
public sealed record SwitchDefinition
{
    /// <inheritdoc cref="FlagDefinition.Name"/>
    public required string Name { get; init; }

    /// <summary>The answer.</summary>
    public bool Active { get; init; }

    /// <inheritdoc cref="FlagDefinition.Note"/>
    public string Note { get; init; } = "";

    /// <inheritdoc cref="FlagDefinition.Created"/>
    public DateTimeOffset? Created { get; init; }

    /// <inheritdoc cref="FlagDefinition.Modified"/>
    public DateTimeOffset? Modified { get; init; }

    /// <summary>The waffle row it was imported from, for what has no place here.</summary>
    public JsonElement? Definition { get; init; }
}
