using Platform.Redaction.Detection;
using static Platform.Redaction.Detection.Sureness;

namespace Platform.Redaction.Recognizers;

/// <summary>India. Words come in upper case.</summary>
internal static class India
{
    private const string States =
        "AN AP AR AS BH BR CG CH DD DL DN GA GJ HP HR JH JK KA KL LA LD MH ML MN MP MZ NL OD OR PB PY RJ SK TN TR TS UA UK UP WB ";

    private const string Base36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    /// <summary>Twelve digits. UIDAI: first 2 to 9, Verhoeff, no palindrome.</summary>
    public static double Aadhaar(ReadOnlySpan<byte> d, double sureness)
    {
        if (d[0] < 2 || !Checksum.Verhoeff(d))
        {
            return None;
        }

        for (var i = 0; i < 6; i++)
        {
            if (d[i] != d[11 - i])
            {
                return sureness;
            }
        }

        return None;
    }

    /// <summary>Five letters, four digits, letter. The fourth letter is the kind of holder.</summary>
    public static double Pan(ReadOnlySpan<char> w) => "PCHFATBLJG".Contains(w[3]) ? Likely : Weak;

    /// <summary>Fifteen characters: state 01 to 38, 97 or 99, PAN, entity, Z, base 36 check character.</summary>
    public static double Gstin(ReadOnlySpan<char> w)
    {
        var state = char.IsAsciiDigit(w[0]) && char.IsAsciiDigit(w[1]) ? ((w[0] - '0') * 10) + w[1] - '0' : 0;
        if (state is not ((>= 1 and <= 38) or 97 or 99)
            || w[2..7].ContainsAnyExcept(CharSets.Upper) || w[7..11].ContainsAnyExcept(CharSets.Digits)
            || !char.IsAsciiLetterUpper(w[11]) || w[12] == '0' || w[13] != 'Z')
        {
            return None;
        }

        var sum = 0;
        for (var i = 0; i < 14; i++)
        {
            var product = Base36.IndexOf(w[i], StringComparison.Ordinal) * (i % 2 == 0 ? 1 : 2);
            sum += (product / 36) + (product % 36);
        }

        return Base36[(36 - (sum % 36)) % 36] == w[14] ? Strong : Possible;
    }

    /// <summary>Letter and seven digits; Q, X and Z are not used as the letter, the digits have no leading zero.</summary>
    public static bool IsPassport(ReadOnlySpan<char> w) => w[0] is not ('Q' or 'X' or 'Z') && w[1] != '0' && w[^1] != '0';

    /// <summary>State, district, series and number (Central Motor Vehicles Rules, rule 50), the Bharat series, the marks from before 1989.</summary>
    public static bool IsVehicleRegistration(ReadOnlySpan<char> w)
    {
        var lead = LetterCount(w);
        var rest = w[lead..];
        var digits = DigitCount(rest);
        if (digits == rest.Length)
        {
            return lead is 2 or 3 && digits is >= 3 and <= 4 && rest[0] != '0';
        }

        // BH series: year, BH, number, letters.
        if (lead == 0)
        {
            return digits == 2 && rest.Length is 9 or 10 && rest[2..4] is "BH" && DigitCount(rest[4..]) == 4;
        }

        var series = LetterCount(rest[digits..]);
        return lead == 2 && digits is 1 or 2 && lead == 2 && series is >= 1 and <= 3 && IsState(w[..2])
            && DigitCount(rest[(digits + series)..]) is var number && number is >= 1 and <= 4 && digits + series + number == rest.Length;
    }

    private static bool IsState(ReadOnlySpan<char> code) => States.AsSpan().IndexOf(code) is >= 0 and var at && at % 3 == 0;

    private static int LetterCount(ReadOnlySpan<char> w) => w.IndexOfAnyExcept(CharSets.Upper) is var n && n < 0 ? w.Length : n;

    private static int DigitCount(ReadOnlySpan<char> w) => w.IndexOfAnyExcept(CharSets.Digits) is var n && n < 0 ? w.Length : n;
}
