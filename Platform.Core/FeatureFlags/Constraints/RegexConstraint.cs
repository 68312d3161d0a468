using System.Text.RegularExpressions;

namespace Platform.FeatureFlags;

/// <summary><c>REGEX</c>: a match anywhere in the value, in time linear in its length.</summary>
internal sealed class RegexConstraint(FieldReference field, bool inverted, Regex? pattern) : Constraint(field, inverted)
{
    protected override bool Test(string? value) => pattern is not null && value is not null && pattern.IsMatch(value);
}
