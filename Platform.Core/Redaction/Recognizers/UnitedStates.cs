using Platform.Redaction.Detection;
using static Platform.Redaction.Detection.Sureness;

namespace Platform.Redaction.Recognizers;

/// <summary>United States. Each method returns the confidence, 0 where the value is impossible.</summary>
internal static class UnitedStates
{
    /// <summary>Nine digits. Social Security Administration, RM 10201: no area 000, 666 or 9xx, no group 00, no serial 0000.</summary>
    public static double Ssn(ReadOnlySpan<byte> d, double sureness)
    {
        var area = (d[0] * 100) + (d[1] * 10) + d[2];
        if (area is 0 or 666 or >= 900 || (d[3] | d[4]) == 0 || (d[5] | d[6] | d[7] | d[8]) == 0 || Checksum.IsRepeated(d))
        {
            return None;
        }

        // Numbers printed in advertisements, never valid since.
        return d is [0, 7, 8, 0, 5, 1, 1, 2, 0] or [2, 1, 9, 0, 9, 9, 9, 9, 9] or [1, 2, 3, 4, 5, 6, 7, 8, 9] ? None : sureness;
    }

    /// <summary>Nine digits. Internal Revenue Manual 3.21.263: 9xx with a group of 50-65, 70-88, 90-92 or 94-99.</summary>
    public static double Itin(ReadOnlySpan<byte> d, double sureness)
    {
        var group = (d[3] * 10) + d[4];
        return d[0] == 9 && group is (>= 50 and <= 65) or (>= 70 and <= 88) or (>= 90 and <= 92) or (>= 94 and <= 99)
            ? sureness
            : None;
    }

    /// <summary>Nine digits. American Bankers Association: Federal Reserve prefix, weights 3, 7, 1.</summary>
    public static double AbaRouting(ReadOnlySpan<byte> d, double sureness)
    {
        var prefix = (d[0] * 10) + d[1];
        var isPrefix = prefix is <= 12 or (>= 21 and <= 32) or (>= 61 and <= 72) or 80;
        return isPrefix && !Checksum.IsRepeated(d) && Checksum.Weighted(d, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 == 0 ? sureness : None;
    }

    /// <summary>Ten digits. 45 CFR 162.406: first digit 1 or 2, Luhn over 80840 (whose share of the sum is 24) and the number.</summary>
    public static double Npi(ReadOnlySpan<byte> d, double sureness) =>
        d[0] is 1 or 2 && d[1..9].IndexOfAnyExcept(d[0]) >= 0 && Checksum.Luhn(d, start: 24) ? sureness : None;

    /// <summary>Eleven characters, in upper case. Centers for Medicare and Medicaid Services: no S, L, O, I, B, Z.</summary>
    public static bool IsMbi(ReadOnlySpan<char> w) =>
        w[0] is >= '1' and <= '9' && MbiLetter(w[1]) && MbiAny(w[2]) && char.IsAsciiDigit(w[3]) && MbiLetter(w[4]) && MbiAny(w[5])
        && char.IsAsciiDigit(w[6]) && MbiLetter(w[7]) && MbiLetter(w[8]) && char.IsAsciiDigit(w[9]) && char.IsAsciiDigit(w[10]);

    /// <summary>Nine characters, in upper case: two of the registrant, seven digits of which the last checks.</summary>
    public static double MedicalLicense(ReadOnlySpan<char> w)
    {
        if (!"ABCDEFGHJKLMPRSTUX".Contains(w[0]) || !(char.IsAsciiLetterUpper(w[1]) || w[1] == '9'))
        {
            return None;
        }

        int D(ReadOnlySpan<char> word, int i) => word[i + 1] - '0';
        var sum = D(w, 1) + D(w, 3) + D(w, 5) + (2 * (D(w, 2) + D(w, 4) + D(w, 6)));
        return sum % 10 == D(w, 7) ? Weak : None;
    }

    /// <summary>
    /// Whether letters and digits stand as in the driving licences of a state (American Association of Motor Vehicle
    /// Administrators, Card Design Standard, annex of state formats).
    /// </summary>
    /// <param name="length">Characters.</param>
    /// <param name="letters">A bit for each letter, the first character in the lowest.</param>
    public static bool IsDriverLicense(int length, uint letters) => letters switch
    {
        0b1 => length is (>= 4 and <= 10) or (>= 12 and <= 15) or 19,
        0b11 => length is >= 4 and <= 9,
        0b111 => length is 8 or 9,
        0b11100 => length is 10 or 11,
        0b11000 => length is 9,
        0b1111111 => length is 12,
        _ => letters == 1u << (length - 1) && length is 8 or 9 or 10
            || (length == 8 && letters == 0b10000001)
            || (length == 9 && letters == 0b100000011)
            || (length == 10 && letters == 0b1100000000)
            || (length == 6 && letters == 0b10101),
    };

    private static bool MbiLetter(char c) => char.IsAsciiLetterUpper(c) && !"SLOIBZ".Contains(c);

    private static bool MbiAny(char c) => char.IsAsciiDigit(c) || MbiLetter(c);
}
