namespace Platform.FeatureFlags;

/// <summary>What was written to a file.</summary>
/// <param name="Json">UTF-8.</param>
/// <param name="LeftOut">Flags, switches and samples that the format cannot hold, by name: those of other origins.</param>
public sealed record FlagExport(byte[] Json, IReadOnlyList<string> LeftOut);
