namespace Platform.FeatureFlags;

/// <summary>Who changes flags, and why. Stands in the audit.</summary>
/// <param name="Name">A user, a client, or a part of the system such as <c>rollout-plan</c>; 1 to 200 characters.</param>
/// <param name="Reason">Why, up to 2,000 characters; may be empty where the change speaks for itself.</param>
public sealed record FlagAuthor(string Name, string Reason = "");
