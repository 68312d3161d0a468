using System.Globalization;

namespace Platform.FeatureFlags;

/// <summary>
/// <c>DATE_AFTER</c>, <c>DATE_BEFORE</c>: a date in a field, or the present time where the field is <c>currentTime</c> or there is no such date
/// (Unleash compares with the present time whatever the field).
/// </summary>
internal sealed class DateConstraint(FieldReference field, bool inverted, bool after, DateTimeOffset? limit, FlagRuntime runtime)
    : Constraint(field, inverted)
{
    private readonly FieldReference _field = field;
    private readonly bool _inverted = inverted;

    public static bool TryParse(string? text, out DateTimeOffset date) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces, out date);

    public override bool Holds(FlagContext context)
    {
        if (limit is not { } other)
        {
            return _inverted;
        }

        if (!TryParse(_field.Read(context), out var date))
        {
            date = runtime.Now(context);
        }

        return (after ? date > other : date < other) != _inverted;
    }

    protected override bool Test(string? value) => throw new System.Diagnostics.UnreachableException();
}
