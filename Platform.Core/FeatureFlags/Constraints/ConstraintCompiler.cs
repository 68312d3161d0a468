namespace Platform.FeatureFlags;

internal static class ConstraintCompiler
{
    public static Constraint Compile(ConstraintDefinition definition, FlagRuntime runtime)
    {
        var field = new FieldReference(definition.Field);
        var inverted = definition.Inverted;
        var name = definition.Operator;
        string[] values = [.. definition.Values.Where(value => !string.IsNullOrEmpty(value)).Select(value => value.Trim())];
        return name switch
        {
            ConstraintOperators.In => new SetConstraint(field, inverted, values),
            ConstraintOperators.NotIn => new SetConstraint(field, !inverted, values),
            ConstraintOperators.StartsWith or ConstraintOperators.EndsWith or ConstraintOperators.Contains =>
                new TextConstraint(field, inverted, name, values, definition.CaseInsensitive),
            ConstraintOperators.NumberEquals or ConstraintOperators.NumberGreater or ConstraintOperators.NumberAtLeast
                or ConstraintOperators.NumberLess or ConstraintOperators.NumberAtMost =>
                new NumberConstraint(field, inverted, name, NumberConstraint.TryParse(definition.Value, out var number) ? number : null),
            ConstraintOperators.DateAfter or ConstraintOperators.DateBefore => new DateConstraint(
                field, inverted, name == ConstraintOperators.DateAfter, DateConstraint.TryParse(definition.Value, out var date) ? date : null, runtime),
            ConstraintOperators.VersionEquals or ConstraintOperators.VersionGreater or ConstraintOperators.VersionAtLeast
                or ConstraintOperators.VersionLess or ConstraintOperators.VersionAtMost =>
                new VersionConstraint(field, inverted, name, definition.Value),
            ConstraintOperators.Regex => new RegexConstraint(field, inverted, Re2Pattern.Compile(definition.Value, definition.CaseInsensitive)),
            ConstraintOperators.InCidr => new CidrConstraint(field, inverted, CidrConstraint.Read(values)),
            _ => new NeverConstraint(),
        };
    }
}
