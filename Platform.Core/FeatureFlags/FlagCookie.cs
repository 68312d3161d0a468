namespace Platform.FeatureFlags;

/// <summary>A cookie to set.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value"><c>True</c> or <c>False</c>.</param>
/// <param name="MaxAge">How long it lasts; null is the browser's session.</param>
/// <param name="Secure">Sent over HTTPS only.</param>
public sealed record FlagCookie(string Name, string Value, TimeSpan? MaxAge, bool Secure);
