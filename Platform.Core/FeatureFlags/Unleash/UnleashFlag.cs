namespace Platform.FeatureFlags;

/// <summary>A feature of Unleash, answering by its client specification 6: dependencies, then any strategy, strategy variants before its own.</summary>
internal sealed class UnleashFlag : CompiledFlag
{
    private readonly UnleashFeature _feature;
    private readonly bool _killed;
    private readonly UnleashActivation[] _strategies;
    private readonly UnleashVariants? _variants;
    private readonly Prerequisite[] _dependencies;

    public UnleashFlag(UnleashFeature feature, bool killed, FlagRuntime runtime, Func<string, Constraint[]> segment)
        : base(feature.Name, FlagOrigin.Unleash)
    {
        _feature = feature;
        _killed = killed;
        _strategies = [.. feature.Strategies.Select(strategy => new UnleashActivation(strategy, feature.Name, runtime, segment))];
        _variants = feature.Variants.Count > 0 ? new UnleashVariants(feature.Variants, stickiness: null, feature.Name, runtime.Random) : null;
        _dependencies = [.. feature.Dependencies.Select(dependency => new Prerequisite(dependency))];
        Constant = killed || !feature.Enabled ? false : _dependencies.Length == 0 && _strategies.Length == 0 ? true : null;
    }

    public override bool IsBound => _dependencies.Length > 0;

    // One level only: a parent that waits for others itself is none.
    public override void Link(Func<string, CompiledFlag?> find)
    {
        foreach (var dependency in _dependencies)
        {
            dependency.Link(name => find(name) is UnleashFlag { _dependencies.Length: > 0 } ? null : find(name));
        }
    }

    public override Verdict Decide(FlagContext context)
    {
        if (_killed)
        {
            return new(false, FlagReason.Killed);
        }

        if (!_feature.Enabled)
        {
            return new(false, FlagReason.Disabled);
        }

        for (var i = 0; i < _dependencies.Length; i++)
        {
            if (!_dependencies[i].Holds(context))
            {
                return new(false, FlagReason.Prerequisite, i);
            }
        }

        if (_strategies.Length == 0)
        {
            return new(true, FlagReason.Everyone);
        }

        for (var i = 0; i < _strategies.Length; i++)
        {
            if (_strategies[i].Holds(context))
            {
                return new(true, FlagReason.Rule, i);
            }
        }

        return new(false, FlagReason.NoMatch);
    }

    public override FlagDecision DecideVariant(FlagContext context)
    {
        var verdict = Decide(context);
        if (!verdict.Enabled)
        {
            return new(verdict);
        }

        var ofStrategy = verdict.Reason == FlagReason.Rule ? _strategies[verdict.Part].Variants?.Select(context) : null;
        return new(verdict, ofStrategy ?? _variants?.Select(context));
    }

    public override string Explain(FlagDecision decision) => decision.Reason switch
    {
        FlagReason.Rule => $"Strategy {decision.Part}, \"{_strategies[decision.Part].Name}\", holds.",
        FlagReason.Prerequisite => $"Dependency {decision.Part}, \"{_feature.Dependencies[decision.Part].Flag}\", does not hold.",
        _ => Words(decision),
    };
}
