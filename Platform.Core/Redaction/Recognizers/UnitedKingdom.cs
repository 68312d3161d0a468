using Platform.Redaction.Detection;
using static Platform.Redaction.Detection.Sureness;

namespace Platform.Redaction.Recognizers;

/// <summary>United Kingdom. Words come in upper case.</summary>
internal static class UnitedKingdom
{
    /// <summary>Ten digits. NHS Data Dictionary: weights 10 to 2, modulo 11.</summary>
    public static double Nhs(ReadOnlySpan<byte> d, double sureness)
    {
        var check = 11 - (Checksum.Weighted(d, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11);
        return (check == 11 ? 0 : check) == d[9] && !Checksum.IsRepeated(d) ? sureness : None;
    }

    /// <summary>HM Revenue and Customs, NIM39110: the letters that are not used, the prefixes that are not issued.</summary>
    public static bool IsNino(char first, char second, char last) =>
        char.IsAsciiLetterUpper(first) && char.IsAsciiLetterUpper(second) && last is >= 'A' and <= 'D'
        && !"DFIQUV".Contains(first) && !"DFIOQUV".Contains(second)
        && (first, second) is not (('B', 'G') or ('G', 'B') or ('K', 'N') or ('N', 'K') or ('N', 'T') or ('T', 'N') or ('Z', 'Z'));

    /// <summary>Sixteen characters: surname padded with 9, birth date (50 more in the month for women), initials, 9 or a digit, two of computer's.</summary>
    public static double DrivingLicence(ReadOnlySpan<char> w)
    {
        var name = w[..5].TrimEnd('9');
        if (name.Length == 0 || name.ContainsAnyExcept(CharSets.Upper) || w[5..11].ContainsAnyExcept(CharSets.Digits))
        {
            return None;
        }

        var month = ((w[6] - '0') * 10) + w[7] - '0';
        var day = ((w[8] - '0') * 10) + w[9] - '0';
        return Checksum.IsDate(0, month > 50 ? month - 50 : month, day)
            && (char.IsAsciiLetterUpper(w[11]) || w[11] == '9') && (char.IsAsciiLetterUpper(w[12]) || w[12] == '9')
            && char.IsAsciiDigit(w[13]) && char.IsAsciiLetterUpper(w[14]) && char.IsAsciiLetterUpper(w[15])
            ? Strong
            : FromComputer(w, month, day);
    }

    /// <summary>Outward and inward code (BS 7666): the letters of each place.</summary>
    public static bool IsPostcode(ReadOnlySpan<char> outward, ReadOnlySpan<char> inward)
    {
        if (inward.Length != 3 || !char.IsAsciiDigit(inward[0]) || !IsInwardLetter(inward[1]) || !IsInwardLetter(inward[2]))
        {
            return false;
        }

        if (outward is "GIR")
        {
            return inward is "0AA";
        }

        // A9 A99 AA9 AA99 A9A AA9A
        if (outward.Length is < 2 or > 4 || !char.IsAsciiLetterUpper(outward[0]) || "QVX".Contains(outward[0]))
        {
            return false;
        }

        var rest = outward[1..];
        if (char.IsAsciiLetterUpper(rest[0]))
        {
            if ("IJZ".Contains(rest[0]) || rest.Length == 1)
            {
                return false;
            }

            return rest.Length == 2
                ? char.IsAsciiDigit(rest[1])
                : char.IsAsciiDigit(rest[1]) && (char.IsAsciiDigit(rest[2]) || "ABEHMNPRVWXY".Contains(rest[2]));
        }

        return char.IsAsciiDigit(rest[0]) && rest.Length switch
        {
            1 => true,
            2 => char.IsAsciiDigit(rest[1]) || "ABCDEFGHJKPSTUW".Contains(rest[1]),
            _ => false,
        };
    }

    /// <summary>DVLA, INF104: current (AB51 ABC), prefix (A123 ABC) and suffix (ABC 123A) marks.</summary>
    public static bool IsVehicleRegistration(ReadOnlySpan<char> w)
    {
        var digits = w.IndexOfAny(CharSets.Digits);
        var end = w.LastIndexOfAny(CharSets.Digits) + 1;
        if (digits < 1 || w[digits..end].ContainsAnyExcept(CharSets.Digits) || w.ContainsAnyExcept(CharSets.UpperAlphanumeric))
        {
            return false;
        }

        var count = end - digits;
        var letters = w.Length - end;
        switch (digits, count, letters)
        {
            case (2, 2, 3):
                var age = ((w[2] - '0') * 10) + w[3] - '0';
                return !w[..2].ContainsAny("IQZ") && !w[end..].ContainsAny("IQ") && age is (>= 2 and <= 29) or (>= 51 and <= 79);
            case (1, >= 1 and <= 3, 3):
                return !"IOQUZ".Contains(w[0]) && !w[end..].ContainsAny("IQZ") && w[1] != '0';
            case (3, >= 1 and <= 3, 1):
                return !w[..3].ContainsAny("IQZ") && !"IOQUZ".Contains(w[^1]) && w[3] != '0';
            default:
                return false;
        }
    }

    // The last three are the computer's; a digit stands where more than one driver would have the same.
    private static double FromComputer(ReadOnlySpan<char> w, int month, int day) =>
        Checksum.IsDate(0, month > 50 ? month - 50 : month, day)
        && (char.IsAsciiLetterUpper(w[11]) || w[11] == '9') && (char.IsAsciiLetterUpper(w[12]) || w[12] == '9')
        && CharClass.IsAlphanumeric(w[13]) && CharClass.IsAlphanumeric(w[14]) && CharClass.IsAlphanumeric(w[15])
        ? Likely
        : None;

    private static bool IsInwardLetter(char c) => char.IsAsciiLetterUpper(c) && !"CIKMOV".Contains(c);
}
