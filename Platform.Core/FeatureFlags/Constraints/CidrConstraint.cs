namespace Platform.FeatureFlags;

/// <summary><c>IN_CIDR</c>: an address within any of the ranges, IPv4 or IPv6.</summary>
internal sealed class CidrConstraint(FieldReference field, bool inverted, CidrRange[] ranges) : Constraint(field, inverted)
{
    public static CidrRange[] Read(IEnumerable<string> values) =>
        [.. values.Select(value => CidrRange.TryParse(value, out var range) ? range : (CidrRange?)null).OfType<CidrRange>()];

    public static bool Holds(CidrRange[] ranges, string? value)
    {
        if (value is null || !CidrRange.TryParseAddress(value, out var address, out var v6))
        {
            return false;
        }

        foreach (var range in ranges)
        {
            if (range.Holds(address, v6))
            {
                return true;
            }
        }

        return false;
    }

    protected override bool Test(string? value) => Holds(ranges, value);
}
