using Platform.Redaction.Detection;
using static Platform.Redaction.Detection.Sureness;

namespace Platform.Redaction.Recognizers;

/// <summary>Finland, Sweden, Poland and Turkey. Words come in upper case.</summary>
internal static class NorthernEurope
{
    private const string FinnishCheck = "0123456789ABCDEFHJKLMNPRSTUVWXY";

    /// <summary>Day, month, year, sign of the century, three digits, check character modulo 31 (Population Information System Act).</summary>
    /// <param name="w">Eleven characters with the sign in the seventh place.</param>
    public static double FinnishCode(ReadOnlySpan<char> w)
    {
        var century = w[6] switch
        {
            '+' => 1800,
            '-' or (>= 'U' and <= 'Y') => 1900,
            >= 'A' and <= 'F' => 2000,
            _ => 0,
        };
        if (century == 0 || w[..6].ContainsAnyExcept(CharSets.Digits) || w[7..10].ContainsAnyExcept(CharSets.Digits))
        {
            return None;
        }

        var number = 0;
        foreach (var c in w[..6])
        {
            number = (number * 10) + c - '0';
        }

        if (!Checksum.IsDate(century + (number % 100), number / 100 % 100, number / 10_000))
        {
            return None;
        }

        foreach (var c in w[7..10])
        {
            number = (number * 10) + c - '0';
        }

        return FinnishCheck[number % 31] == w[10] ? Strong : None;
    }

    /// <summary>Ten or twelve digits. Skatteverket, SKV 704: Luhn over the last ten, 60 more in the day for coordination numbers.</summary>
    public static double Personnummer(ReadOnlySpan<byte> d, double sureness)
    {
        var year = 0;
        var number = d;
        if (d.Length == 12)
        {
            year = (d[0] * 1000) + (d[1] * 100) + (d[2] * 10) + d[3];
            if (year is < 1850 or > 2099)
            {
                return None;
            }

            number = d[2..];
        }

        var day = (number[4] * 10) + number[5];
        return Checksum.IsDate(year, (number[2] * 10) + number[3], day > 60 ? day - 60 : day) && Checksum.Luhn(number) ? sureness : None;
    }

    /// <summary>Ten digits. Bolagsverket: the third digit at least 2, so that it is no date; Luhn.</summary>
    public static double Organisationsnummer(ReadOnlySpan<byte> d, double sureness) =>
        d[0] is not (0 or 4) && d[2] >= 2 && !Checksum.IsRepeated(d) && Checksum.Luhn(d) ? sureness : None;

    /// <summary>Eleven digits. Polish population register: date with the century in the month, weights 1, 3, 7, 9, modulo 10.</summary>
    public static double Pesel(ReadOnlySpan<byte> d, double sureness)
    {
        var month = (d[2] * 10) + d[3];
        var century = (month / 20) switch { 0 => 1900, 1 => 2000, 2 => 2100, 3 => 2200, _ => 1800 };
        return Checksum.IsDate(century + (d[0] * 10) + d[1], month % 20, (d[4] * 10) + d[5])
            && Checksum.Weighted(d, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 == 0
            ? sureness
            : None;
    }

    /// <summary>Eleven digits. Turkish Nüfus directorate: two check digits over the nine.</summary>
    public static double TurkishId(ReadOnlySpan<byte> d, double sureness)
    {
        var odd = d[0] + d[2] + d[4] + d[6] + d[8];
        var even = d[1] + d[3] + d[5] + d[7];
        var tenth = ((((odd * 7) - even) % 10) + 10) % 10;
        return d[0] != 0 && tenth == d[9] && (odd + even + d[9]) % 10 == d[10] ? sureness : None;
    }
}
