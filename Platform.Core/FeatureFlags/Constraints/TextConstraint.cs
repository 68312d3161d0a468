namespace Platform.FeatureFlags;

/// <summary><c>STR_STARTS_WITH</c>, <c>STR_ENDS_WITH</c>, <c>STR_CONTAINS</c>: any of the values.</summary>
internal sealed class TextConstraint(FieldReference field, bool inverted, string @operator, string[] values, bool ignoreCase)
    : Constraint(field, inverted)
{
    private readonly StringComparison _comparison = ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    protected override bool Test(string? value)
    {
        if (value is null)
        {
            return false;
        }

        foreach (var part in values)
        {
            var holds = @operator switch
            {
                ConstraintOperators.StartsWith => value.StartsWith(part, _comparison),
                ConstraintOperators.EndsWith => value.EndsWith(part, _comparison),
                _ => value.Contains(part, _comparison),
            };
            if (holds)
            {
                return true;
            }
        }

        return false;
    }
}
