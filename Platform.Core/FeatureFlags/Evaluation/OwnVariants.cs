namespace Platform.FeatureFlags;

/// <summary>The variants of an own flag: named callers first, then by weight, sticky.</summary>
internal sealed class OwnVariants
{
    private readonly (FlagVariant Variant, NameSet Users, NameSet Groups, Share UpTo)[] _entries;
    private readonly FlagVariant? _rest;
    private readonly uint _seed;

    public OwnVariants(FlagDefinition definition)
    {
        _seed = StickyHash.Seed("variant", definition.Name);
        _entries = new (FlagVariant, NameSet, NameSet, Share)[definition.Variants.Count];
        var sum = 0m;
        for (var i = 0; i < _entries.Length; i++)
        {
            var variant = definition.Variants[i];
            sum += variant.Weight;
            _entries[i] = (new FlagVariant(variant.Name, variant.Value), new NameSet(variant.Users), new NameSet(variant.Groups), new Share(sum));
        }

        _rest = definition.DefaultVariant is { } rest ? Find(rest) : null;
        Off = definition.OffVariant is { } off ? Find(off) : null;
    }

    public FlagVariant? Off { get; }

    public FlagVariant? Find(string name) => Array.Find(_entries, entry => entry.Variant.Name == name).Variant;

    public FlagVariant? Assign(FlagContext context, string? id)
    {
        foreach (var entry in _entries)
        {
            if (entry.Users.HoldsUser(context))
            {
                return entry.Variant;
            }
        }

        foreach (var entry in _entries)
        {
            if (entry.Groups.HoldsAny(context.GroupSpan))
            {
                return entry.Variant;
            }
        }

        if (string.IsNullOrEmpty(id))
        {
            return _rest;
        }

        var hash = StickyHash.Murmur(id, _seed);
        foreach (var entry in _entries)
        {
            if (entry.UpTo.Holds(hash))
            {
                return entry.Variant;
            }
        }

        return _rest;
    }
}
