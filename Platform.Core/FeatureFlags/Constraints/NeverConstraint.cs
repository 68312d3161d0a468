namespace Platform.FeatureFlags;

/// <summary>An operator that nobody knows, or a segment that does not exist: false, inverted or not.</summary>
internal sealed class NeverConstraint() : Constraint(new FieldReference(""), inverted: false)
{
    public override bool Holds(FlagContext context) => false;

    protected override bool Test(string? value) => false;
}
