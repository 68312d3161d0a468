using System.Text.Json;

namespace Platform.FeatureFlags;

/// <summary>One variant of an own flag.</summary>
public sealed record VariantDefinition
{
    /// <summary>The name, unique within the flag.</summary>
    public required string Name { get; init; }

    /// <summary>Percent of those for whom the flag is on, 0 to 100; all weights together are at most 100. Sticky.</summary>
    public decimal Weight { get; init; }

    /// <summary>What the code gets: any JSON.</summary>
    public JsonElement? Value { get; init; }

    /// <summary>These users get it whatever the weights say.</summary>
    public IReadOnlyList<string> Users { get; init; } = [];

    /// <summary>Members of these groups get it whatever the weights say, after <see cref="Users"/> of all variants.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];
}
