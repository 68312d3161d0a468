using System.Text;

namespace Platform.FeatureFlags;

/// <summary>A flag of Microsoft's schema v2, answering as Microsoft.FeatureManagement 4.7 does for a targeting context.</summary>
internal sealed class MicrosoftFlag : CompiledFlag
{
    private readonly MicrosoftFeature _feature;
    private readonly bool _killed;
    private readonly MicrosoftCondition[] _conditions;
    private readonly MicrosoftVariants? _variants;

    public MicrosoftFlag(MicrosoftFeature feature, bool killed, FlagRuntime runtime)
        : base(feature.Id, FlagOrigin.Microsoft)
    {
        _feature = feature;
        _killed = killed;
        _conditions = [.. feature.Filters.Select(filter => MicrosoftCondition.For(filter, feature.Id, runtime))];
        _variants = feature is { Variants.Count: > 0, Allocation: { } allocation }
            ? new MicrosoftVariants(feature.Id, feature.Variants, allocation, runtime.Options.MicrosoftIgnoreCase)
            : null;
        Constant = SameForEverybody();
    }

    public override FlagDecision Decide(FlagContext context) => _variants is { Overrides: true } ? DecideVariant(context) : Conditions(context);

    public override FlagDecision DecideVariant(FlagContext context)
    {
        var decision = Conditions(context);
        if (_variants is null)
        {
            return decision;
        }

        var assigned = decision.Enabled ? _variants.Assign(context) : _variants.WhenDisabled;
        if (assigned is null)
        {
            return decision;
        }

        // A disabled flag stays off whatever its variant says.
        var enabled = decision.Reason is FlagReason.Disabled or FlagReason.Killed ? decision.Enabled : assigned.StatusOverride ?? decision.Enabled;
        return new(enabled, decision.Reason, decision.Part, assigned.Variant);
    }

    public override string Explain(FlagDecision decision) => decision.Reason switch
    {
        FlagReason.Rule => $"Filter {decision.Part}, \"{_feature.Filters[decision.Part].Name}\", {(_feature.RequiresAll ? "does not hold" : "holds")}"
            + (decision.Enabled == _feature.RequiresAll ? ", and the variant overrides it." : "."),
        FlagReason.NoMatch when decision.Enabled => "All filters hold.",
        _ => Words(decision),
    };

    private FlagDecision Conditions(FlagContext context)
    {
        if (_killed)
        {
            return new(false, FlagReason.Killed);
        }

        if (!_feature.Enabled)
        {
            return new(false, FlagReason.Disabled);
        }

        if (_conditions.Length == 0)
        {
            return new(true, FlagReason.Everyone);
        }

        // Any ends with the first filter that holds, all with the first that does not.
        var deciding = !_feature.RequiresAll;
        for (var i = 0; i < _conditions.Length; i++)
        {
            if (_conditions[i].Holds(context) == deciding)
            {
                return new(deciding, FlagReason.Rule, i);
            }
        }

        return new(!deciding, FlagReason.NoMatch);
    }

    private bool? SameForEverybody()
    {
        if (_killed || !_feature.Enabled)
        {
            return false;
        }

        var always = _conditions.Length == 0
            || (_feature.RequiresAll ? _feature.Filters.All(IsAlwaysOn) : IsAlwaysOn(_feature.Filters[0]));
        return always && _variants is not { Overrides: true } ? true : null;
    }

    private static bool IsAlwaysOn(MicrosoftFilter filter) => filter.Kind == MicrosoftFilterKind.AlwaysOn;

    /// <summary>What follows the user in the text that is hashed.</summary>
    internal static byte[] Suffix(string hint) => Encoding.UTF8.GetBytes("\n" + hint);
}
