namespace Platform.Redaction.Detection;

/// <summary>Check digits of the standards. Every method takes the digits as numbers from 0 to 9.</summary>
internal static class Checksum
{
    private static ReadOnlySpan<byte> VerhoeffProduct =>
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 0, 6, 7, 8, 9, 5, 2, 3, 4, 0, 1, 7, 8, 9, 5, 6, 3, 4, 0, 1, 2, 8, 9, 5, 6, 7,
        4, 0, 1, 2, 3, 9, 5, 6, 7, 8, 5, 9, 8, 7, 6, 0, 4, 3, 2, 1, 6, 5, 9, 8, 7, 1, 0, 4, 3, 2, 7, 6, 5, 9, 8, 2, 1, 0, 4, 3,
        8, 7, 6, 5, 9, 3, 2, 1, 0, 4, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0,
    ];

    private static ReadOnlySpan<byte> VerhoeffPermutation =>
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 5, 7, 6, 2, 8, 3, 0, 9, 4, 5, 8, 0, 3, 7, 9, 6, 1, 4, 2, 8, 9, 1, 6, 0, 4, 3, 5, 2, 7,
        9, 4, 5, 3, 1, 2, 6, 8, 7, 0, 4, 2, 8, 6, 5, 7, 3, 9, 0, 1, 2, 7, 9, 3, 8, 0, 6, 4, 1, 5, 7, 0, 4, 6, 9, 1, 3, 2, 5, 8,
    ];

    /// <summary>ISO/IEC 7812-1, annex B.</summary>
    public static bool Luhn(ReadOnlySpan<byte> digits, int start = 0)
    {
        var sum = start;
        var twice = false;
        for (var i = digits.Length - 1; i >= 0; i--)
        {
            var digit = twice ? digits[i] * 2 : digits[i];
            sum += digit > 9 ? digit - 9 : digit;
            twice = !twice;
        }

        return sum % 10 == 0;
    }

    /// <summary>Verhoeff's dihedral check.</summary>
    public static bool Verhoeff(ReadOnlySpan<byte> digits)
    {
        var check = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            check = VerhoeffProduct[(check * 10) + VerhoeffPermutation[(i % 8 * 10) + digits[^(i + 1)]]];
        }

        return check == 0;
    }

    /// <summary>ISO/IEC 7064, MOD 11,10: the last digit checks those before.</summary>
    public static bool Mod11With10(ReadOnlySpan<byte> digits)
    {
        var product = 10;
        for (var i = 0; i < digits.Length - 1; i++)
        {
            var sum = (digits[i] + product) % 10;
            product = (sum == 0 ? 10 : sum) * 2 % 11;
        }

        return (11 - product) % 10 == digits[^1];
    }

    /// <summary>The sum of the digits, each times its weight; digits beyond the weights do not count.</summary>
    public static int Weighted(ReadOnlySpan<byte> digits, ReadOnlySpan<byte> weights)
    {
        var sum = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            sum += digits[i] * weights[i];
        }

        return sum;
    }

    /// <summary>ICAO 9303-3, section 4.9: weights 7, 3, 1, letters from A = 10, modulo 10.</summary>
    public static int Icao(ReadOnlySpan<char> text)
    {
        var sum = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var value = char.IsAsciiDigit(text[i]) ? text[i] - '0' : (text[i] | 0x20) - 'a' + 10;
            sum += value * (i % 3 == 0 ? 7 : i % 3 == 1 ? 3 : 1);
        }

        return sum % 10;
    }

    /// <summary>Whether all digits are the same: test data and fillers, which no registry issues.</summary>
    public static bool IsRepeated(ReadOnlySpan<byte> digits) => digits.IndexOfAnyExcept(digits[0]) < 0;

    /// <summary>Whether the day exists; <paramref name="year"/> is the full year, or 0 where the century is not known.</summary>
    public static bool IsDate(int year, int month, int day)
    {
        if (month is < 1 or > 12 || day is < 1)
        {
            return false;
        }

        // Year 0 stands for an unknown one: February may have 29 days.
        return day <= (year is < 1 or > 9999 ? DateTime.DaysInMonth(2000, month) : DateTime.DaysInMonth(year, month));
    }
}
