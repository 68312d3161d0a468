using Platform.Redaction.Detection;
using static Platform.Redaction.Detection.Sureness;

namespace Platform.Redaction.Recognizers;

/// <summary>Italy and Spain. Words come in upper case.</summary>
internal static class SouthernEurope
{
    private const string SpanishCheck = "TRWAGMYFPDXBNJZSQVHLCKE";
    private const string Months = "ABCDEHLMPRST";

    // Decree of 23 December 1976: what a character counts for in an odd place.
    private static ReadOnlySpan<byte> OddValues =>
        [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

    /// <summary>
    /// Sixteen characters: six letters of the names, year, month letter, day (40 more for women), place, check letter. In case of
    /// the same code for two persons digits are replaced by letters (omocodia).
    /// </summary>
    public static double FiscalCode(ReadOnlySpan<char> w)
    {
        if (w[..6].ContainsAnyExcept(CharSets.Upper) || !Months.Contains(w[8]) || !char.IsAsciiLetterUpper(w[11]) || !char.IsAsciiLetterUpper(w[15]))
        {
            return None;
        }

        foreach (var place in (ReadOnlySpan<byte>)[6, 7, 9, 10, 12, 13, 14])
        {
            if (Digit(w[place]) < 0)
            {
                return None;
            }
        }

        var day = (Digit(w[9]) * 10) + Digit(w[10]);
        if ((day > 40 ? day - 40 : day) is < 1 or > 31)
        {
            return None;
        }

        var sum = 0;
        for (var i = 0; i < 15; i++)
        {
            var value = char.IsAsciiDigit(w[i]) ? w[i] - '0' : w[i] - 'A';
            sum += i % 2 == 0 ? OddValues[value] : value;
        }

        return 'A' + (sum % 26) == w[15] ? Strong : Possible;
    }

    /// <summary>Eleven digits. Agenzia delle Entrate: Luhn, the province of the office in digits 8 to 10.</summary>
    public static double VatCode(ReadOnlySpan<byte> d, double sureness)
    {
        var office = (d[7] * 100) + (d[8] * 10) + d[9];
        return d[..7].IndexOfAnyExcept((byte)0) >= 0 && office is (>= 1 and <= 121) or 888 or 999 && Checksum.Luhn(d) ? sureness : None;
    }

    /// <summary>Ten characters: U1, seven of the alphabet without vowels, letter; or two letters, seven digits, letter.</summary>
    public static double DriverLicense(ReadOnlySpan<char> w) =>
        w[0] == 'U' && w[1] == '1' && char.IsAsciiLetterUpper(w[9]) && !w[2..9].ContainsAny(CharSets.NotInItalianLicense) ? Possible
        : char.IsAsciiLetterUpper(w[0]) && char.IsAsciiLetterUpper(w[1]) && char.IsAsciiLetterUpper(w[9]) && !w[2..9].ContainsAnyExcept(CharSets.Digits) ? Faint
        : None;

    /// <summary>Up to eight digits and their letter (Royal Decree 1553/2005: modulo 23).</summary>
    /// <param name="number">The digits.</param>
    /// <param name="check">The letter.</param>
    public static bool IsNif(ReadOnlySpan<char> number, char check)
    {
        var value = 0;
        foreach (var c in number)
        {
            value = (value * 10) + c - '0';
        }

        return SpanishCheck[value % 23] == check;
    }

    /// <summary>X, Y or Z standing for 0, 1 or 2, then seven digits and the letter.</summary>
    public static bool IsNie(ReadOnlySpan<char> number, char check)
    {
        if (number[0] is not (>= 'X' and <= 'Z'))
        {
            return false;
        }

        var value = number[0] - 'X';
        foreach (var c in number[1..])
        {
            value = (value * 10) + c - '0';
        }

        return SpanishCheck[value % 23] == check;
    }

    private static int Digit(char c) => char.IsAsciiDigit(c) ? c - '0' : "LMNPQRSTUV".IndexOf(c, StringComparison.Ordinal);
}
