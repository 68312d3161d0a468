using System.Globalization;

namespace Platform.FeatureFlags;

/// <summary><c>NUM_EQ</c>, <c>NUM_GT</c>, <c>NUM_GTE</c>, <c>NUM_LT</c>, <c>NUM_LTE</c> over IEEE double numbers.</summary>
internal sealed class NumberConstraint(FieldReference field, bool inverted, string @operator, double? limit) : Constraint(field, inverted)
{
    public static bool TryParse(string? text, out double number)
    {
        number = double.NaN;
        return text is not null && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && !double.IsNaN(number);
    }

    protected override bool Test(string? value)
    {
        if (limit is not { } other || !TryParse(value, out var number))
        {
            return false;
        }

        return @operator switch
        {
            ConstraintOperators.NumberEquals => number == other,
            ConstraintOperators.NumberGreater => number > other,
            ConstraintOperators.NumberAtLeast => number >= other,
            ConstraintOperators.NumberLess => number < other,
            _ => number <= other,
        };
    }
}
