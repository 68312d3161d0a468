using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;

namespace Platform.Redaction.Phones;

/// <summary>
/// The national numbering plans of ITU-T E.164: for each country calling code the lengths of its numbers, and for each length
/// the first two digits that are in use.
/// </summary>
/// <remarks>
/// The table is made from the metadata of libphonenumber (Apache-2.0), against which the tests hold it. That library itself
/// takes 17 microseconds and 488 bytes a number, which hostile text could buy by the million; a look-up here takes nanoseconds.
/// </remarks>
internal static class NumberingPlan
{
    private const int LongestNumber = 15;
    private const int LongestCode = 3;

    // National numbers are dialled with a leading 0 in these plans; it is not a part of the number.
    private static readonly int[] WithTrunkZero = [44, 49, 33, 90, 63, 972, 91, 61, 81, 82, 86, 66, 62, 46, 358, 41, 31, 32, 43, 27, 234, 20, 64, 353, 84, 60, 94, 380];

    // Numbers are dialled as they are, or commonly written without the trunk digit.
    private static readonly int[] WithoutTrunk = [91, 55, 86, 34, 48, 90, 45, 47, 65, 351, 30, 420, 972, 52];

    // The calling code times 16 plus the length of the number: a bit for each pair of first digits.
    private static readonly FrozenDictionary<int, UInt128> Plans = Load();

    /// <summary>Whether the digits, calling code first, are a number that could be assigned.</summary>
    public static bool IsInternational(ReadOnlySpan<byte> digits)
    {
        if (digits.Length > LongestNumber)
        {
            return false;
        }

        // No calling code is the beginning of another, so one at most applies. People leave the trunk digit in: +49 (0)30.
        var code = 0;
        for (var length = 1; length <= LongestCode && length < digits.Length; length++)
        {
            code = (code * 10) + digits[length - 1];
            var number = digits[length..];
            if (IsAssigned(code, number) || (number[0] == 0 && code != 39 && IsAssigned(code, number[1..])))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the digits, written as within a country, are a number of one of the larger plans.</summary>
    public static bool IsNational(ReadOnlySpan<byte> digits)
    {
        if (digits.Length is < 7 or > LongestNumber)
        {
            return false;
        }

        if (digits[0] == 0)
        {
            // Italy keeps the zero.
            return IsIn(WithTrunkZero, digits[1..]) || IsAssigned(39, digits);
        }

        return IsNorthAmerican(digits) || IsIn(WithoutTrunk, digits);
    }

    /// <summary>Whether the digits are a number of the North American plan, with or without its leading 1.</summary>
    public static bool IsNorthAmerican(ReadOnlySpan<byte> digits)
    {
        if (digits.Length == 11 && digits[0] == 1)
        {
            digits = digits[1..];
        }

        // NXX-NXX-XXXX; N11 is a service, not an area or an exchange.
        return digits.Length == 10 && digits[0] >= 2 && digits[3] >= 2 && digits is not [_, 1, 1, ..] && IsAssigned(1, digits);
    }

    private static bool IsIn(int[] codes, ReadOnlySpan<byte> number)
    {
        foreach (var code in codes)
        {
            if (IsAssigned(code, number))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsAssigned(int code, ReadOnlySpan<byte> number) =>
        number.Length is >= 4 and < 16
        && Plans.TryGetValue((code * 16) + number.Length, out var beginnings)
        && (beginnings >> ((number[0] * 10) + number[1]) & 1) != 0
        && (code != 1 || number.Length != 10 || number[3] >= 2);

    private static FrozenDictionary<int, UInt128> Load()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Platform.Redaction.numbering-plans.txt")
            ?? throw new InvalidOperationException("The numbering plans are not in the assembly.");
        using var reader = new StreamReader(stream);
        var plans = new Dictionary<int, UInt128>(600);
        Span<Range> parts = stackalloc Range[4];
        while (reader.ReadLine() is { } row)
        {
            if (row.StartsWith('#') || row.AsSpan().Split(parts, ' ') != 3)
            {
                continue;
            }

            var code = int.Parse(row.AsSpan(parts[0]), CultureInfo.InvariantCulture);
            var length = int.Parse(row.AsSpan(parts[1]), CultureInfo.InvariantCulture);
            plans[(code * 16) + length] = UInt128.Parse(row.AsSpan(parts[2]), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        }

        return plans.ToFrozenDictionary();
    }
}
