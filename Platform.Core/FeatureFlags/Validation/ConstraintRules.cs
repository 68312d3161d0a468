using Platform.Errors;

namespace Platform.FeatureFlags;

/// <summary>What an own constraint has to keep to. Those of Unleash are taken as they are: what cannot be read there is false.</summary>
internal static class ConstraintRules
{
    public static void Check(IReadOnlyList<ConstraintDefinition> constraints, string pointer, FieldErrors errors)
    {
        CheckedText.Count(errors, pointer, constraints.Count);
        for (var i = 0; i < Math.Min(constraints.Count, FlagLimits.Parts); i++)
        {
            Check(constraints[i], $"{pointer}/{i}", errors);
        }
    }

    private static void Check(ConstraintDefinition constraint, string pointer, FieldErrors errors)
    {
        CheckedText.Name(errors, $"{pointer}/field", constraint.Field);
        var name = constraint.Operator;
        if (!ConstraintOperators.All.Contains(name))
        {
            errors.Add($"{pointer}/operator", "invalid", "There is no such operator.");
            return;
        }

        if (ConstraintOperators.TakesValues(name))
        {
            CheckedText.List(errors, $"{pointer}/values", constraint.Values);
            CheckRanges(constraint, pointer, errors);
            if (constraint.Values.Count == 0)
            {
                errors.Add($"{pointer}/values", "required", "At least one value is required.");
            }

            return;
        }

        if (string.IsNullOrEmpty(constraint.Value))
        {
            errors.Add($"{pointer}/value", "required", "A value is required.");
        }
        else if (Wrong(constraint) is { } message)
        {
            errors.Add($"{pointer}/value", "invalid", message);
        }
    }

    private static void CheckRanges(ConstraintDefinition constraint, string pointer, FieldErrors errors)
    {
        for (var i = 0; constraint.Operator == ConstraintOperators.InCidr && i < Math.Min(constraint.Values.Count, FlagLimits.ListLength); i++)
        {
            if (!CidrRange.TryParse(constraint.Values[i], out _))
            {
                errors.Add($"{pointer}/values/{i}", "invalid", "An IP address or a range in CIDR notation is expected.");
            }
        }
    }

    private static string? Wrong(ConstraintDefinition constraint) => constraint.Operator switch
    {
        ConstraintOperators.Regex => Re2Pattern.Compile(constraint.Value, constraint.CaseInsensitive) is null
            ? "A regular expression in RE2's syntax, of limited size, is expected."
            : null,
        ConstraintOperators.DateAfter or ConstraintOperators.DateBefore =>
            DateConstraint.TryParse(constraint.Value, out _) ? null : "A date and time is expected.",
        var name when name.StartsWith("NUM_", StringComparison.Ordinal) =>
            NumberConstraint.TryParse(constraint.Value, out _) ? null : "A number is expected.",
        _ => SemanticVersion.TryParse(constraint.Value, out _) ? null : "A semantic version is expected.",
    };
}
