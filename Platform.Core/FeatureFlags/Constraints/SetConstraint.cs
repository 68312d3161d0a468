namespace Platform.FeatureFlags;

/// <summary><c>IN</c>; <c>NOT_IN</c> is the same inverted, so that a missing field is not in any list.</summary>
internal sealed class SetConstraint(FieldReference field, bool inverted, IEnumerable<string> values) : Constraint(field, inverted)
{
    private readonly NameSet _values = new(values);

    protected override bool Test(string? value) => _values.Holds(value);
}
