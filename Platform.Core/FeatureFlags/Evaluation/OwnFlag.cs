namespace Platform.FeatureFlags;

/// <summary>A flag by Platform's own rules; docs/flags.md has their order.</summary>
internal sealed class OwnFlag : CompiledFlag
{
    private readonly FlagDefinition _definition;
    private readonly FlagRuntime _runtime;
    private readonly string _testParameter;
    private readonly string _testHeader;
    private readonly CallerSet _users;
    private readonly CallerSet _groups;
    private readonly CallerSet _roles;
    private readonly NameSet _languages;
    private readonly Exclusion? _exclusion;
    private readonly TimeWindow[] _windows;
    private readonly OwnRule[] _rules;
    private readonly Prerequisite[] _prerequisites;
    private readonly OwnVariants? _variants;
    private readonly FieldReference? _stickiness;
    private readonly uint _seed;
    private readonly Share? _percent;

    public OwnFlag(FlagDefinition definition, FlagRuntime runtime, Func<string, Constraint[]> segment)
        : base(definition.Name, FlagOrigin.Own)
    {
        _definition = definition;
        _runtime = runtime;
        _testParameter = FlagVisit.CookieName(runtime.Options.TestCookieFormat, definition.Name);
        _testHeader = _testParameter.Replace('_', '-');
        _users = new CallerSet(definition.Users);
        _groups = new CallerSet(definition.Groups);
        _roles = new CallerSet(definition.Roles);
        _languages = new NameSet(definition.Languages);
        _exclusion = definition.Exclusion is { } exclusion ? new Exclusion(exclusion) : null;
        _windows = [.. definition.Windows.Select(window => new TimeWindow(window))];
        _prerequisites = [.. definition.Prerequisites.Select(prerequisite => new Prerequisite(prerequisite))];
        _variants = definition.Variants.Count > 0 ? new OwnVariants(definition) : null;
        _stickiness = definition.Stickiness is { } field ? new FieldReference(field) : null;
        _seed = StickyHash.Seed("percent", definition.Name);
        _percent = definition.Percent is { } percent ? new Share(percent) : null;
        _rules = [.. definition.Rules.Select(rule => new OwnRule(rule, segment, name => _variants?.Find(name), runtime))];
        Constant = SameForEverybody();
    }

    public override bool IsBound => _prerequisites.Length > 0;

    public override void Link(Func<string, CompiledFlag?> find)
    {
        foreach (var prerequisite in _prerequisites)
        {
            prerequisite.Link(find);
        }
    }

    public override FlagDecision DecideVariant(FlagContext context)
    {
        var verdict = Decide(context);
        if (_variants is null)
        {
            return new(verdict);
        }

        var ofRule = verdict.Reason == FlagReason.Rule ? _rules[verdict.Part].Variant : null;
        return new(verdict, ofRule ?? (verdict.Enabled ? _variants.Assign(context, Sticky(context)) : _variants.Off));
    }

    public override Verdict Decide(FlagContext context)
    {
        if (_definition.Killed)
        {
            return new(false, FlagReason.Killed);
        }

        if (_definition.Testing && Tested(context) is { } tested)
        {
            return new(tested, FlagReason.Testing);
        }

        if (_definition.Everyone is { } everyone)
        {
            return new(everyone, FlagReason.Everyone);
        }

        for (var i = 0; i < _prerequisites.Length; i++)
        {
            if (!_prerequisites[i].Holds(context))
            {
                return new(false, FlagReason.Prerequisite, i);
            }
        }

        if (_windows.Length > 0 && !InWindow(_runtime.Now(context)))
        {
            return new(false, FlagReason.Window);
        }

        if (_exclusion is not null && _exclusion.Holds(context))
        {
            return new(false, FlagReason.Excluded);
        }

        return Audience(context);
    }

    public override string Explain(FlagDecision decision) => decision.Reason switch
    {
        FlagReason.Rule when _definition.Rules[decision.Part].Name is { Length: > 0 } rule => $"Rule {decision.Part}, \"{rule}\", fits.",
        FlagReason.Rule => $"Rule {decision.Part} fits.",
        FlagReason.Prerequisite => $"Prerequisite {decision.Part}, \"{_definition.Prerequisites[decision.Part].Flag}\", does not hold.",
        _ => Words(decision),
    };

    private Verdict Audience(FlagContext context)
    {
        if (_users.HoldsUser(context))
        {
            return new(true, FlagReason.User);
        }

        if (_groups.HoldsGroup(context))
        {
            return new(true, FlagReason.Group);
        }

        if (_roles.HoldsRole(context))
        {
            return new(true, FlagReason.Role);
        }

        if (_definition.Authenticated && context.IsAuthenticated)
        {
            return new(true, FlagReason.Authenticated);
        }

        if (_definition.Staff && context.IsStaff)
        {
            return new(true, FlagReason.Staff);
        }

        if (_definition.Superusers && context.IsSuperuser)
        {
            return new(true, FlagReason.Superuser);
        }

        if (_languages.Holds(context.Language))
        {
            return new(true, FlagReason.Language);
        }

        return RulesAndPercent(context);
    }

    private Verdict RulesAndPercent(FlagContext context)
    {
        if (_rules.Length == 0 && _percent is null)
        {
            return new(false, FlagReason.NoMatch);
        }

        // One draw for the rules' percentages and the flag's own, so that moving a percentage from one to the other turns nobody off.
        uint? draw = Sticky(context) is { Length: > 0 } id ? StickyHash.Murmur(id, _seed) : null;
        for (var i = 0; i < _rules.Length; i++)
        {
            if (_rules[i].Fits(context, draw))
            {
                return new(_rules[i].Serve, FlagReason.Rule, i);
            }
        }

        // Nothing to stick to: off, as a draw that changes from question to question would be no percentage of callers.
        return _percent is { } percent
            ? new(draw is { } hash && percent.Holds(hash), FlagReason.Percent)
            : new(false, FlagReason.NoMatch);
    }

    private string? Sticky(FlagContext context) => _stickiness is null ? context.StickyId : _stickiness.Read(context);

    private bool InWindow(DateTimeOffset now)
    {
        foreach (var window in _windows)
        {
            if (window.Holds(now))
            {
                return true;
            }
        }

        return false;
    }

    private bool? Tested(FlagContext context)
    {
        if (context.Visit is not { MayTest: true } visit)
        {
            return null;
        }

        var sent = visit.Request.Query(_testParameter) ?? visit.Request.Header(_testHeader);
        if (sent is not null)
        {
            var on = sent == "1";
            visit.RememberTest(Name, on);
            return on;
        }

        return visit.Request.Cookie(_testParameter) is { } cookie ? cookie == "True" : null;
    }

    private bool? SameForEverybody()
    {
        if (_definition.Killed)
        {
            return false;
        }

        if (_definition.Testing)
        {
            return null;
        }

        if (_definition.Everyone is { } everyone)
        {
            return everyone;
        }

        var nobody = _users.IsEmpty && _groups.IsEmpty && _roles.IsEmpty && _languages.IsEmpty && _rules.Length == 0 && _percent is null
            && _definition is { Authenticated: false, Staff: false, Superusers: false };
        return nobody ? false : null;
    }
}
