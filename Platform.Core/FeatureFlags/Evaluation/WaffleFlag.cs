namespace Platform.FeatureFlags;

/// <summary>
/// A flag by the order of django-waffle 5 (<c>waffle/models.py</c>, <c>AbstractBaseFlag.is_active</c>): override, everyone, testing, languages,
/// user rules, percentage. The kill switch, which waffle lacks, stands before all of it.
/// </summary>
internal sealed class WaffleFlag : CompiledFlag
{
    private readonly FlagDefinition _definition;
    private readonly FlagRuntime _runtime;
    private readonly string _cookie;
    private readonly string _testCookie;
    private readonly string _testHeader;
    private readonly NameSet _languages;
    private readonly NameSet _users;
    private readonly NameSet _groups;
    private readonly double _percent;

    public WaffleFlag(FlagDefinition definition, FlagRuntime runtime)
        : base(definition.Name, FlagOrigin.Waffle)
    {
        _definition = definition;
        _runtime = runtime;
        _cookie = FlagVisit.CookieName(runtime.Options.CookieFormat, definition.Name);
        _testCookie = FlagVisit.CookieName(runtime.Options.TestCookieFormat, definition.Name);
        _testHeader = _testCookie.Replace('_', '-');
        _languages = new NameSet(definition.Languages);
        _users = new NameSet(definition.Users);
        _groups = new NameSet(definition.Groups);
        _percent = (double)(definition.Percent ?? 0);
        Constant = definition.Killed ? false : runtime.Options.WaffleOverride ? null : definition.Everyone;
    }

    public override FlagDecision Decide(FlagContext context)
    {
        if (_definition.Killed)
        {
            return new(false, FlagReason.Killed);
        }

        if (_runtime.Options.WaffleOverride && context.Visit?.Request.Query(Name) is { } forced)
        {
            return new(forced == "1", FlagReason.Testing);
        }

        if (_definition.Everyone is { } everyone)
        {
            return new(everyone, FlagReason.Everyone);
        }

        if (_definition.Testing && context.Visit is { } visit && Tested(visit) is { } tested)
        {
            return new(tested, FlagReason.Testing);
        }

        if (_languages.Holds(context.Language))
        {
            return new(true, FlagReason.Language);
        }

        return User(context);
    }

    private bool? Tested(FlagVisit visit)
    {
        var sent = visit.Request.Query(_testCookie) ?? visit.Request.Header(_testHeader);
        if (sent is not null)
        {
            visit.RememberTest(Name, sent == "1");
            return sent == "1";
        }

        return visit.Request.Cookie(_testCookie) is { } cookie ? cookie == "True" : null;
    }

    private FlagDecision User(FlagContext context)
    {
        if (!context.HasPrincipal)
        {
            return new(false, FlagReason.NoPrincipal);
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

        if (_users.HoldsUser(context))
        {
            return new(true, FlagReason.User);
        }

        if (_groups.HoldsAny(context.GroupSpan))
        {
            return new(true, FlagReason.Group);
        }

        return _percent > 0 ? Dice(context.Visit) : new(false, FlagReason.NoMatch);
    }

    private FlagDecision Dice(FlagVisit? visit)
    {
        if (visit is null)
        {
            return new(Throw(), FlagReason.Percent);
        }

        if (visit.RecallDice(Name, out var before))
        {
            return new(before, FlagReason.Remembered);
        }

        if (visit.Request.Cookie(_cookie) is { } cookie)
        {
            var kept = cookie == "True";
            if (!visit.ReadOnly)
            {
                visit.RememberDice(Name, kept, _definition.Rollout);
            }

            return new(kept, FlagReason.Remembered);
        }

        if (visit.ReadOnly)
        {
            return new(false, FlagReason.NoMatch);
        }

        return new(visit.RememberDice(Name, Throw(), _definition.Rollout), FlagReason.Percent);
    }

    private bool Throw() => _runtime.Random.NextDouble() * 100 <= _percent;
}
