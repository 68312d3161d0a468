namespace Platform.FeatureFlags;

/// <summary>Callers for whom a flag stays off.</summary>
public sealed record ExclusionDefinition
{
    /// <summary>Ids or user names.</summary>
    public IReadOnlyList<string> Users { get; init; } = [];

    /// <summary>Members of these groups.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Callers with one of these roles.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];
}
