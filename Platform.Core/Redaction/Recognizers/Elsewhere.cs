using Platform.Redaction.Detection;
using static Platform.Redaction.Detection.Sureness;

namespace Platform.Redaction.Recognizers;

/// <summary>Canada, South Africa and Nigeria, and what is the same everywhere: payment cards.</summary>
internal static class Elsewhere
{
    /// <summary>Nine digits. Service Canada: first digit neither 0 nor 8, Luhn.</summary>
    public static double CanadianSin(ReadOnlySpan<byte> d, double sureness) =>
        d[0] is not (0 or 8) && !Checksum.IsRepeated(d) && Checksum.Luhn(d) ? sureness : None;

    /// <summary>Thirteen digits. Department of Home Affairs: birth date, sex, citizen 0 to 2, 8 or 9, Luhn.</summary>
    public static double SouthAfricanId(ReadOnlySpan<byte> d, double sureness)
    {
        if (d[10] > 2 || d[11] is not (8 or 9) || !Checksum.Luhn(d))
        {
            return None;
        }

        var (year, month, day) = ((d[0] * 10) + d[1], (d[2] * 10) + d[3], (d[4] * 10) + d[5]);
        return Checksum.IsDate(1900 + year, month, day) || Checksum.IsDate(2000 + year, month, day) ? sureness : None;
    }

    /// <summary>Eleven digits. National Identity Management Commission: Verhoeff.</summary>
    public static double NigerianNin(ReadOnlySpan<byte> d, double sureness) =>
        !Checksum.IsRepeated(d) && Checksum.Verhoeff(d) ? sureness : None;

    /// <summary>Twelve to nineteen digits of a card: a known issuer range with its lengths, Luhn.</summary>
    /// <param name="d">The digits.</param>
    /// <param name="isGrouped">Whether they are written in the groups of a card.</param>
    public static double Card(ReadOnlySpan<byte> d, bool isGrouped)
    {
        var sureness = Issuer(d);
        if (sureness == None || Checksum.IsRepeated(d) || !Checksum.Luhn(d))
        {
            return None;
        }

        return isGrouped ? Math.Max(sureness, Strong) : sureness;
    }

    private static double Issuer(ReadOnlySpan<byte> d)
    {
        var two = (d[0] * 10) + d[1];
        var three = (two * 10) + d[2];
        var four = (three * 10) + d[3];
        return d[0] switch
        {
            // UATP. Epoch times of 13, 16 and 19 digits begin with 1 too, so only the length of 15.
            1 => d.Length == 15 ? Weak : None,
            2 => (four is >= 2221 and <= 2720 or >= 2200 and <= 2204) && d.Length == 16 ? Strong - 0.05
                : three is 201 or 214 && d.Length == 15 ? Weak : None,
            3 => two is 34 or 37 && d.Length == 15 ? Strong - 0.05
                : (three is (>= 300 and <= 305) or 309 || two is 36 or 38 or 39) && d.Length is 14 or 16 && two != 35 ? Likely
                : four is >= 3528 and <= 3589 && d.Length is >= 16 and <= 19 ? (d.Length == 16 ? Strong - 0.05 : Weak) : None,
            4 => d.Length switch { 16 => Strong - 0.05, 13 or 19 => Weak, _ => None },
            5 => two is >= 51 and <= 55 && d.Length == 16 ? Strong - 0.05
                : two is 50 or >= 56 && d.Length is >= 12 and <= 19 ? (d.Length == 16 ? Likely : Weak) : None,
            6 => d.Length == 16 ? Likely + 0.1 : d.Length is >= 12 and <= 19 ? Weak : None,
            8 => two is 81 or 82 && d.Length == 16 ? Weak : None,
            _ => None,
        };
    }
}
