namespace Platform.FeatureFlags;

/// <summary>Documents item by item.</summary>
public static class FlagDocumentItems
{
    /// <summary>The items of a document with their definitions, in their order, kind by kind.</summary>
    public static IEnumerable<KeyValuePair<FlagKey, object>> Items(this FlagDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        return document.Flags.Select(flag => KeyValuePair.Create(FlagKey.Flag(flag.Name), (object)flag))
            .Concat(document.Switches.Select(item => KeyValuePair.Create(FlagKey.Switch(item.Name), (object)item)))
            .Concat(document.Samples.Select(item => KeyValuePair.Create(FlagKey.Sample(item.Name), (object)item)))
            .Concat(document.Segments.Select(item => KeyValuePair.Create(FlagKey.Segment(item.Name, item.Origin), (object)item)))
            .Concat(document.Envelopes.Select(item => KeyValuePair.Create(new FlagKey(FlagItemKind.Envelope, item.Key), (object)item.Value)));
    }

    /// <summary>The document with an item in it: in the place of the one with the same key, or at the end.</summary>
    /// <param name="document">The document.</param>
    /// <param name="definition">A flag, switch, sample or segment.</param>
    public static FlagDocument With(this FlagDocument document, object definition)
    {
        ArgumentNullException.ThrowIfNull(document);
        return definition switch
        {
            FlagDefinition flag => document with { Flags = Put(document.Flags, flag, other => other.Name == flag.Name) },
            SwitchDefinition item => document with { Switches = Put(document.Switches, item, other => other.Name == item.Name) },
            SampleDefinition item => document with { Samples = Put(document.Samples, item, other => other.Name == item.Name) },
            SegmentDefinition item => document with
            {
                Segments = Put(document.Segments, item, other => other.Name == item.Name && other.Origin == item.Origin),
            },
            _ => throw new ArgumentException("A flag, switch, sample or segment is expected.", nameof(definition)),
        };
    }

    /// <summary>The document without an item.</summary>
    public static FlagDocument Without(this FlagDocument document, FlagKey key)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(key);
        return key.Kind switch
        {
            FlagItemKind.Flag => document with { Flags = [.. document.Flags.Where(item => item.Name != key.Name)] },
            FlagItemKind.Switch => document with { Switches = [.. document.Switches.Where(item => item.Name != key.Name)] },
            FlagItemKind.Sample => document with { Samples = [.. document.Samples.Where(item => item.Name != key.Name)] },
            FlagItemKind.Segment => document with
            {
                Segments = [.. document.Segments.Where(item => item.Name != key.Name || item.Origin != key.Origin)],
            },
            _ => document with
            {
                Envelopes = document.Envelopes.Where(item => item.Key != key.Name)
                    .ToDictionary(item => item.Key, item => item.Value, StringComparer.Ordinal),
            },
        };
    }

    /// <summary>The document with another one laid over it: its items replace those with the same key, and the rest stays.</summary>
    public static FlagDocument Over(this FlagDocument document, FlagDocument below)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(below);
        if (ReferenceEquals(below, FlagDocument.Empty))
        {
            return document;
        }

        return new FlagDocument
        {
            Flags = [.. document.Flags, .. below.Flags.ExceptBy(document.Flags.Select(item => item.Name), item => item.Name)],
            Switches = [.. document.Switches, .. below.Switches.ExceptBy(document.Switches.Select(item => item.Name), item => item.Name)],
            Samples = [.. document.Samples, .. below.Samples.ExceptBy(document.Samples.Select(item => item.Name), item => item.Name)],
            Segments =
            [
                .. document.Segments,
                .. below.Segments.ExceptBy(document.Segments.Select(item => (item.Origin, item.Name)), item => (item.Origin, item.Name)),
            ],
            Envelopes = below.Envelopes.Concat(document.Envelopes).GroupBy(item => item.Key, StringComparer.Ordinal)
                .ToDictionary(group => group.Key, group => group.Last().Value, StringComparer.Ordinal),
        };
    }

    /// <summary>The document with everything off: flags killed, switches off, samples at 0 percent.</summary>
    public static FlagDocument AllOff(this FlagDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        return document with
        {
            Flags = [.. document.Flags.Select(flag => flag with { Killed = true })],
            Switches = [.. document.Switches.Select(item => item with { Active = false })],
            Samples = [.. document.Samples.Select(item => item with { Percent = 0 })],
        };
    }

    private static List<T> Put<T>(IReadOnlyList<T> items, T item, Func<T, bool> isSame)
    {
        List<T> list = [.. items];
        var index = list.FindIndex(other => isSame(other));
        if (index < 0)
        {
            list.Add(item);
        }
        else
        {
            list[index] = item;
        }

        return list;
    }
}
