using Platform.FeatureFlags.Gates;

namespace Platform.ServiceDefaults.FeatureFlags.Gates;

/// <summary>An endpoint is behind a gate.</summary>
/// <param name="Gate">The condition.</param>
/// <param name="Status">The status of the answer while it is closed; null is <see cref="FlagGateOptions.Status"/>.</param>
/// <param name="RedirectTo">Where callers are sent while it is closed, instead of a refusal.</param>
public sealed record FlagGateMetadata(FlagGate Gate, int? Status = null, string? RedirectTo = null);
