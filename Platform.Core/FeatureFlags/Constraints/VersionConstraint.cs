namespace Platform.FeatureFlags;

/// <summary><c>SEMVER_EQ</c>, <c>SEMVER_GT</c>, <c>SEMVER_GTE</c>, <c>SEMVER_LT</c>, <c>SEMVER_LTE</c>.</summary>
internal sealed class VersionConstraint(FieldReference field, bool inverted, string @operator, string? limit) : Constraint(field, inverted)
{
    protected override bool Test(string? value)
    {
        if (!SemanticVersion.TryParse(limit, out var other) || !SemanticVersion.TryParse(value, out var version))
        {
            return false;
        }

        var order = version.CompareTo(other);
        return @operator switch
        {
            ConstraintOperators.VersionEquals => order == 0,
            ConstraintOperators.VersionGreater => order > 0,
            ConstraintOperators.VersionAtLeast => order >= 0,
            ConstraintOperators.VersionLess => order < 0,
            _ => order <= 0,
        };
    }
}
