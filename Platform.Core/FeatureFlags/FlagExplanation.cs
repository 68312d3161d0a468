using System.Text.Json;

namespace Platform.FeatureFlags;

/// <summary>Why a flag answers as it does.</summary>
/// <param name="Flag">Its name.</param>
/// <param name="Origin">Whose rules decided; null for a flag that nobody defined.</param>
/// <param name="Enabled">The answer.</param>
/// <param name="Variant">The variant's name, if there is one.</param>
/// <param name="Reason">What decided.</param>
/// <param name="Detail">The same in words. Names rules and lists, never whom they hold.</param>
/// <param name="Version">The version of the snapshot that was asked.</param>
public sealed record FlagExplanation(
    string Flag, FlagOrigin? Origin, bool Enabled, string? Variant, FlagReason Reason, string Detail, long Version)
{
    /// <summary>The variant's value, if it has one.</summary>
    public JsonElement? Value { get; init; }

    /// <summary>Which rule or prerequisite decided, from 0; null where none did.</summary>
    public int? Part { get; init; }
}
