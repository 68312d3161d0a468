using System.Text.Json;

namespace Platform.FeatureFlags;

/// <summary>All flags, switches, samples and segments of one installation: what a store saves and a file holds.</summary>
/// <remarks>Immutable. <see cref="FlagDocumentRules"/> says whether it may be saved, <see cref="FlagSnapshot.Compile"/> makes it answer.</remarks>
public sealed record FlagDocument
{
    /// <summary>A document without anything in it.</summary>
    public static FlagDocument Empty { get; } = new();

    /// <summary>Flags: asked per caller. Names are unique, upper and lower case differ.</summary>
    public IReadOnlyList<FlagDefinition> Flags { get; init; } = [];

    /// <summary>Switches: the same answer for everybody.</summary>
    public IReadOnlyList<SwitchDefinition> Switches { get; init; } = [];

    /// <summary>Samples: on for a part of the questions, at random each time.</summary>
    public IReadOnlyList<SampleDefinition> Samples { get; init; } = [];

    /// <summary>Segments: constraints with a name, shared by flags of the same origin.</summary>
    public IReadOnlyList<SegmentDefinition> Segments { get; init; } = [];

    /// <summary>
    /// What else stood in an imported file, by origin (<c>microsoft</c>, <c>unleash</c>, <c>waffle</c>), so that an export gives it back.
    /// Nothing of it is evaluated.
    /// </summary>
    public IReadOnlyDictionary<string, JsonElement> Envelopes { get; init; } = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
}
