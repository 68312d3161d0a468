namespace Platform.FeatureFlags;

/// <summary>One rule of an own flag, compiled: the constraints of its segments stand before its own.</summary>
internal sealed class OwnRule
{
    private readonly Constraint[] _constraints;
    private readonly Share? _percent;

    public OwnRule(RuleDefinition rule, Func<string, Constraint[]> segment, Func<string, FlagVariant?> variant, FlagRuntime runtime)
    {
        _constraints = [.. rule.Segments.SelectMany(segment), .. rule.Constraints.Select(constraint => ConstraintCompiler.Compile(constraint, runtime))];
        _percent = rule.Percent is { } percent ? new Share(percent) : null;
        Serve = rule.Serve;
        Variant = rule.Variant is { } name ? variant(name) : null;
    }

    public bool Serve { get; }

    public FlagVariant? Variant { get; }

    public bool Fits(FlagContext context, uint? draw)
    {
        foreach (var constraint in _constraints)
        {
            if (!constraint.Holds(context))
            {
                return false;
            }
        }

        return _percent is not { } percent || (draw is { } hash && percent.Holds(hash));
    }
}
