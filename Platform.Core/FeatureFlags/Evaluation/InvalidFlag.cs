namespace Platform.FeatureFlags;

/// <summary>A flag with errors: off, so that one bad entry of a file does not take the others along.</summary>
internal sealed class InvalidFlag : CompiledFlag
{
    public InvalidFlag(string name, FlagOrigin origin)
        : base(name, origin) => Constant = false;

    public override bool IsBound => true;

    public override Verdict Decide(FlagContext context) => new(false, FlagReason.Invalid);
}
