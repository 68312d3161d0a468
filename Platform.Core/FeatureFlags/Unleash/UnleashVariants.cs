namespace Platform.FeatureFlags;

/// <summary>The variants of a feature or of a strategy: overrides first, then by weight.</summary>
internal sealed class UnleashVariants
{
    private readonly (FlagVariant Variant, uint Weight, (FieldReference Field, NameSet Values)[] Overrides)[] _entries;
    private readonly UnleashStickiness _stickiness;
    private readonly uint _total;

    public UnleashVariants(IReadOnlyList<UnleashVariant> variants, string? stickiness, string groupId, Random random)
    {
        _entries = [.. variants.Select(variant => (
            new FlagVariant(variant.Name, variant.PayloadValue, variant.PayloadType),
            (uint)variant.Weight,
            variant.Overrides.Select(entry => (new FieldReference(entry.Field), new NameSet(entry.Values))).ToArray()))];
        _stickiness = UnleashStickiness.OfVariants(stickiness ?? (variants.Count > 0 ? variants[0].Stickiness : null), groupId, random);
        _total = (uint)variants.Sum(variant => (long)variant.Weight);
    }

    public FlagVariant? Select(FlagContext context)
    {
        if (_total == 0)
        {
            return null;
        }

        foreach (var (variant, _, overrides) in _entries)
        {
            foreach (var (field, values) in overrides)
            {
                if (values.Holds(field.Read(context)))
                {
                    return variant;
                }
            }
        }

        var number = _stickiness.Number(context, _total);
        var sum = 0u;
        foreach (var (variant, weight, _) in _entries)
        {
            sum += weight;
            if (weight > 0 && number <= sum)
            {
                return variant;
            }
        }

        return null;
    }
}
