using Platform.FeatureFlags;

namespace Platform.EntityFrameworkCore.FeatureFlags;

/// <summary>What is to become of one item.</summary>
/// <param name="Key">Which one.</param>
/// <param name="Before">As it is; null where there is none.</param>
/// <param name="After">As it is to be; null where it is to go.</param>
/// <param name="AfterDefinition">The same, read.</param>
/// <param name="Position">Where it goes; null is its place of now, or the end.</param>
internal sealed record PlannedItem(FlagKey Key, FlagItem? Before, string? After, object? AfterDefinition, long? Position = null);
