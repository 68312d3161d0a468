namespace Platform.FeatureFlags;

/// <summary>The variants of a Microsoft flag and who gets them: users, groups, percentiles, default.</summary>
internal sealed class MicrosoftVariants
{
    private readonly Dictionary<string, Assigned> _variants = new(StringComparer.Ordinal);
    private readonly (NameSet Names, Assigned? Variant)[] _users;
    private readonly (NameSet Names, Assigned? Variant)[] _groups;
    private readonly (double From, double To, Assigned? Variant)[] _percentiles;
    private readonly MicrosoftDraw _draw;
    private readonly Assigned? _whenEnabled;

    public MicrosoftVariants(string feature, IReadOnlyList<MicrosoftVariant> variants, MicrosoftAllocation allocation, bool ignoreCase)
    {
        var comparer = ignoreCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
        foreach (var variant in variants)
        {
            _variants.TryAdd(variant.Name, new Assigned(new FlagVariant(variant.Name, variant.ConfigurationValue), variant.StatusOverride));
        }

        _users = [.. allocation.Users.Select(user => (new NameSet(user.Names, comparer), Find(user.Variant)))];
        _groups = [.. allocation.Groups.Select(group => (new NameSet(group.Names, comparer), Find(group.Variant)))];
        _percentiles = [.. allocation.Percentiles.Select(range => (range.From, range.To, Find(range.Variant)))];
        _draw = new MicrosoftDraw(string.IsNullOrEmpty(allocation.Seed) ? $"allocation\n{feature}" : allocation.Seed, ignoreCase);
        _whenEnabled = Find(allocation.DefaultWhenEnabled);
        WhenDisabled = Find(allocation.DefaultWhenDisabled);
        Overrides = variants.Any(variant => variant.StatusOverride is not null);
    }

    /// <summary>Some variant turns the flag on or off, so that the flag's own answer needs the variant.</summary>
    public bool Overrides { get; }

    public Assigned? WhenDisabled { get; }

    // An entry that fits ends the search, also where it names no variant that there is: then there is none, and no default either.
    public Assigned? Assign(FlagContext context)
    {
        foreach (var (names, variant) in _users)
        {
            if (names.Holds(context.UserId))
            {
                return variant;
            }
        }

        foreach (var (names, variant) in _groups)
        {
            if (names.HoldsAny(context.GroupSpan))
            {
                return variant;
            }
        }

        if (_percentiles.Length == 0)
        {
            return _whenEnabled;
        }

        var percent = _draw.Percent(context);
        foreach (var (from, to, variant) in _percentiles)
        {
            if (MicrosoftDraw.IsWithin(percent, from, to))
            {
                return variant;
            }
        }

        return _whenEnabled;
    }

    private Assigned? Find(string? name) => name is null ? null : _variants.GetValueOrDefault(name);

    internal sealed record Assigned(FlagVariant Variant, bool? StatusOverride);
}
