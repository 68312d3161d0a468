using System.Text.Json;

namespace Platform.FeatureFlags;

/// <summary>Everything that a store holds, at one version.</summary>
/// <remarks>Immutable and safe to share; each change gives a new one.</remarks>
public sealed class StoredFlags
{
    private readonly Dictionary<FlagKey, FlagItem> _items;
    private FlagDocument? _document;

    /// <summary>What a store holds.</summary>
    /// <param name="version">Grows by one with every change that was committed.</param>
    /// <param name="items">The items, in any order.</param>
    /// <param name="visitorKey">The key that the ids of anonymous visitors are signed with; empty where there is none.</param>
    public StoredFlags(long version, IEnumerable<FlagItem> items, ReadOnlyMemory<byte> visitorKey = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        Version = version;
        VisitorKey = visitorKey;
        _items = items.ToDictionary(item => item.Key);
    }

    /// <summary>A store that nobody wrote to.</summary>
    public static StoredFlags Empty { get; } = new(0, []);

    /// <summary>Grows by one with every change that was committed; 0 before the first.</summary>
    public long Version { get; }

    /// <summary>The key that the ids of anonymous visitors are signed with; empty where there is none.</summary>
    public ReadOnlyMemory<byte> VisitorKey { get; }

    /// <summary>The items, in no order.</summary>
    public IReadOnlyCollection<FlagItem> Items => _items.Values;

    /// <summary>The items in their order, made into a document.</summary>
    public FlagDocument Document => _document ??= Build();

    /// <summary>One item; null where there is none.</summary>
    public FlagItem? Find(FlagKey key) => _items.GetValueOrDefault(key);

    /// <summary>The same with changes in it.</summary>
    /// <param name="version">The version after them.</param>
    /// <param name="removed">Items that are gone.</param>
    /// <param name="changed">Items that are new or other than before; one that is removed and changed is there.</param>
    public StoredFlags With(long version, IEnumerable<FlagKey> removed, IReadOnlyCollection<FlagItem> changed)
    {
        ArgumentNullException.ThrowIfNull(changed);
        var gone = removed.Concat(changed.Select(item => item.Key)).ToHashSet();
        return new StoredFlags(version, _items.Values.Where(item => !gone.Contains(item.Key)).Concat(changed), VisitorKey);
    }

    private FlagDocument Build()
    {
        var ordered = _items.Values.OrderBy(item => item.Position).ThenBy(item => item.Key.Name, StringComparer.Ordinal).ToLookup(item => item.Key.Kind);
        return new FlagDocument
        {
            Flags = [.. ordered[FlagItemKind.Flag].Select(item => (FlagDefinition)item.Definition)],
            Switches = [.. ordered[FlagItemKind.Switch].Select(item => (SwitchDefinition)item.Definition)],
            Samples = [.. ordered[FlagItemKind.Sample].Select(item => (SampleDefinition)item.Definition)],
            Segments = [.. ordered[FlagItemKind.Segment].Select(item => (SegmentDefinition)item.Definition)],
            Envelopes = ordered[FlagItemKind.Envelope]
                .ToDictionary(item => item.Key.Name, item => (JsonElement)item.Definition, StringComparer.Ordinal),
        };
    }
}
