using System.Text.Json;

namespace Platform.FeatureFlags;

/// <summary>One sample: on for a random part of the questions.</summary>
public sealed record SampleDefinition
{
    /// <inheritdoc cref="FlagDefinition.Name"/>
    public required string Name { get; init; }

    /// <summary>Percent of the questions that are answered with on, 0 to 100.</summary>
    public decimal Percent { get; init; }

    /// <inheritdoc cref="FlagDefinition.Note"/>
    public string Note { get; init; } = "";

    /// <inheritdoc cref="FlagDefinition.Created"/>
    public DateTimeOffset? Created { get; init; }

    /// <inheritdoc cref="FlagDefinition.Modified"/>
    public DateTimeOffset? Modified { get; init; }

    /// <summary>The waffle row it was imported from, for what has no place here.</summary>
    public JsonElement? Definition { get; init; }
}
