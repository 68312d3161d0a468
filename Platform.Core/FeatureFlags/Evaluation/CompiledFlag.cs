namespace Platform.FeatureFlags;

/// <summary>A flag ready to answer.</summary>
internal abstract class CompiledFlag(string name, FlagOrigin origin)
{
    public string Name { get; } = name;

    public FlagOrigin Origin { get; } = origin;

    /// <summary>The answer where it is the same for everybody, else null.</summary>
    public bool? Constant { get; protected init; }

    /// <summary>How often somebody asked. A flag that is compiled anew goes on with the count of the one before.</summary>
    public AskCounter Asked { get; set; } = new();

    /// <summary>What it was compiled from.</summary>
    public FlagDefinition? Source { get; set; }

    /// <summary>It holds other flags, or errors that have to be told again, so it belongs to one snapshot.</summary>
    public virtual bool IsBound => false;

    /// <summary>On or off.</summary>
    public abstract Verdict Decide(FlagContext context);

    /// <summary>On or off, and the variant.</summary>
    public virtual FlagDecision DecideVariant(FlagContext context) => new(Decide(context));

    /// <summary>Flags that have to be compiled before this one can answer are handed over here.</summary>
    public virtual void Link(Func<string, CompiledFlag?> find)
    {
    }

    public virtual string Explain(FlagDecision decision) => Words(decision);

    protected static string Words(FlagDecision decision) => decision.Reason switch
    {
        FlagReason.Invalid => "The flag cannot be read, so it is off.",
        FlagReason.Killed => "The kill switch is thrown.",
        FlagReason.Disabled => "The flag is disabled.",
        FlagReason.Everyone => decision.Enabled ? "The flag is on for everyone." : "The flag is off for everyone.",
        FlagReason.Testing => "A tester's query parameter, header or cookie decides.",
        FlagReason.Prerequisite => $"Prerequisite {decision.Part} does not hold.",
        FlagReason.Window => "It is outside of every time window.",
        FlagReason.Excluded => "The caller is excluded.",
        FlagReason.User => "The caller is one of the users.",
        FlagReason.Group => "The caller is in one of the groups.",
        FlagReason.Role => "The caller has one of the roles.",
        FlagReason.Authenticated => "The flag is on for callers who are signed in.",
        FlagReason.Staff => "The flag is on for staff.",
        FlagReason.Superuser => "The flag is on for superusers.",
        FlagReason.Language => "The flag is on for the caller's language.",
        FlagReason.Percent => decision.Enabled ? "The caller is within the percentage." : "The caller is outside of the percentage.",
        FlagReason.Remembered => "The visitor keeps the answer of before.",
        FlagReason.NoPrincipal => "There is no user.",
        FlagReason.NoMatch => "Nothing turns the flag on for this caller.",
        _ => decision.Enabled ? "The flag is on." : "The flag is off.",
    };
}
