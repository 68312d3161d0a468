namespace Platform.FeatureFlags;

/// <summary>A prerequisite, bound to the flag it names. One that names no flag never holds.</summary>
internal sealed class Prerequisite(PrerequisiteDefinition definition)
{
    private readonly NameSet _variants = new(definition.Variants);
    private CompiledFlag? _flag;

    public void Link(Func<string, CompiledFlag?> find) => _flag = find(definition.Flag);

    public bool Holds(FlagContext context)
    {
        if (_flag is null)
        {
            return false;
        }

        if (_variants.IsEmpty)
        {
            return (_flag.Constant ?? _flag.Decide(context).Enabled) == definition.Enabled;
        }

        var decision = _flag.DecideVariant(context);
        return decision.Enabled && _variants.Holds(decision.Variant?.Name);
    }
}
