using System.Text.Json;
using Platform.FeatureFlags;

namespace Platform.Api.FeatureFlags;

/// <summary>What one kind of items is called in paths and documents, and how its bodies are read.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Path">Below <c>/flags</c>; empty for flags themselves.</param>
/// <param name="Noun">For operations (<c>GetSwitch</c>).</param>
/// <param name="Plural">The same of many.</param>
/// <param name="List">Its list in a document, which pointers begin with.</param>
/// <param name="Body">The type of its definition.</param>
internal sealed record FlagKind(FlagItemKind Kind, string Path, string Noun, string Plural, string List, Type Body)
{
    /// <summary>Words that are paths themselves.</summary>
    public static readonly IReadOnlySet<string> Reserved =
        new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "switches", "samples", "segments", "audit", "off", "evaluate", "events", "plans", "metadata" };

    public static IReadOnlyList<FlagKind> All { get; } =
    [
        new(FlagItemKind.Flag, "", "Flag", "Flags", "flags", typeof(FlagDefinition)),
        new(FlagItemKind.Switch, "/switches", "Switch", "Switches", "switches", typeof(SwitchDefinition)),
        new(FlagItemKind.Sample, "/samples", "Sample", "Samples", "samples", typeof(SampleDefinition)),
        new(FlagItemKind.Segment, "/segments", "Segment", "Segments", "segments", typeof(SegmentDefinition)),
    ];

    /// <summary>Segments of Unleash are told apart from own ones by a prefix: <c>unleash:7</c>.</summary>
    public FlagKey Key(string name)
    {
        name = NameOf(name);
        return Kind == FlagItemKind.Segment && name.StartsWith("unleash:", StringComparison.Ordinal)
            ? FlagKey.Segment(name["unleash:".Length..], FlagOrigin.Unleash)
            : new FlagKey(Kind, name);
    }

    /// <summary>The name that a path means: routing leaves an escaped slash as it is.</summary>
    public static string NameOf(string segment) => segment.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    public string PathOf(FlagKey key)
    {
        var name = key is { Kind: FlagItemKind.Segment, Origin: FlagOrigin.Unleash } ? $"unleash:{key.Name}" : key.Name;
        return $"/api/v1/flags{Path}/{Uri.EscapeDataString(name)}";
    }

    public async Task<object> ReadAsync(HttpRequest request, CancellationToken cancellationToken) => Kind switch
    {
        FlagItemKind.Flag => await FlagBody.ReadAsync<FlagDefinition>(request, cancellationToken),
        FlagItemKind.Switch => await FlagBody.ReadAsync<SwitchDefinition>(request, cancellationToken),
        FlagItemKind.Sample => await FlagBody.ReadAsync<SampleDefinition>(request, cancellationToken),
        _ => await FlagBody.ReadAsync<SegmentDefinition>(request, cancellationToken),
    };

    public static FlagKey KeyOf(object definition) => definition switch
    {
        FlagDefinition flag => FlagKey.Flag(flag.Name),
        SwitchDefinition item => FlagKey.Switch(item.Name),
        SampleDefinition item => FlagKey.Sample(item.Name),
        SegmentDefinition item => FlagKey.Segment(item.Name, item.Origin),
        _ => throw new ArgumentOutOfRangeException(nameof(definition)),
    };

    /// <summary>The definition with the times of its making and changing; the latter moves only where something else changed.</summary>
    public static object Stamped(object definition, object? before, DateTimeOffset now)
    {
        now = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
        return (definition, before) switch
        {
            (FlagDefinition flag, FlagDefinition old) => Changed(flag with { Created = flag.Created ?? old.Created, Modified = old.Modified }, old, same => same with { Modified = now }),
            (SwitchDefinition item, SwitchDefinition old) => Changed(item with { Created = item.Created ?? old.Created, Modified = old.Modified }, old, same => same with { Modified = now }),
            (SampleDefinition item, SampleDefinition old) => Changed(item with { Created = item.Created ?? old.Created, Modified = old.Modified }, old, same => same with { Modified = now }),
            (FlagDefinition flag, null) => flag with { Created = flag.Created ?? now, Modified = now },
            (SwitchDefinition item, null) => item with { Created = item.Created ?? now, Modified = now },
            (SampleDefinition item, null) => item with { Created = item.Created ?? now, Modified = now },
            _ => definition,
        };
    }

    private static object Changed<T>(T candidate, T old, Func<T, T> stamp)
        where T : class =>
        JsonSerializer.Serialize(candidate, FlagJson.Options) == JsonSerializer.Serialize(old, FlagJson.Options) ? old : stamp(candidate);
}
