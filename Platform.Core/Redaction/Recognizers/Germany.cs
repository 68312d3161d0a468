using Platform.Redaction.Detection;
using static Platform.Redaction.Detection.Sureness;

namespace Platform.Redaction.Recognizers;

/// <summary>Germany. Words come in upper case.</summary>
internal static class Germany
{
    private const string DocumentLetters = "CFGHJKLMNPRTVWXYZ";

    /// <summary>Eleven digits. Section 139b Abgabenordnung: no leading zero, ISO 7064 mod 11,10, no digit four times.</summary>
    public static double TaxId(ReadOnlySpan<byte> d, double sureness)
    {
        if (d[0] == 0 || !Checksum.Mod11With10(d))
        {
            return None;
        }

        Span<int> counts = stackalloc int[10];
        counts.Clear();
        foreach (var digit in d[..10])
        {
            counts[digit]++;
        }

        return counts.ContainsAnyExceptInRange(0, 3) ? None : sureness;
    }

    /// <summary>Thirteen digits of the unified form: state 01 to 16, and no all-zero office.</summary>
    public static double TaxNumber(ReadOnlySpan<byte> d, double sureness) =>
        (d[0] * 10) + d[1] is >= 1 and <= 16 && !Checksum.IsRepeated(d[2..]) ? sureness : None;

    /// <summary>Nine digits behind DE. ISO 7064 mod 11,10; numbers without it are older samples, less likely.</summary>
    public static double VatId(ReadOnlySpan<byte> d) => d[0] == 0 ? None : Checksum.Mod11With10(d) ? Likely : Weak;

    /// <summary>Letter and nine digits. Section 290 SGB V: the letter as two digits, weights 1, 2, digit sums, modulo 10.</summary>
    public static double HealthInsurance(ReadOnlySpan<char> w)
    {
        var letter = w[0] - 'A' + 1;
        var sum = CrossSum(letter / 10) + CrossSum(letter % 10 * 2);
        for (var i = 1; i < 9; i++)
        {
            sum += CrossSum((w[i] - '0') * (i % 2 == 1 ? 1 : 2));
        }

        return sum % 10 == w[9] - '0' ? Weak : None;
    }

    /// <summary>Eight digits, letter, three digits. VKVV section 2 to 4: birth date, letter as two digits, weights, digit sums.</summary>
    public static double SocialSecurity(ReadOnlySpan<char> w)
    {
        ReadOnlySpan<byte> weights = [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1];
        Span<int> d = stackalloc int[12];
        var letter = w[8] - 'A' + 1;
        for (var i = 0; i < 8; i++)
        {
            d[i] = w[i] - '0';
        }

        (d[8], d[9], d[10], d[11]) = (letter / 10, letter % 10, w[9] - '0', w[10] - '0');
        var sum = 0;
        for (var i = 0; i < 12; i++)
        {
            sum += CrossSum(d[i] * weights[i]);
        }

        var day = (d[2] * 10) + d[3];
        return Checksum.IsDate(0, (d[4] * 10) + d[5], day > 50 ? day - 50 : day) && sum % 10 == w[11] - '0' ? Strong : None;
    }

    /// <summary>Nine digits. KBV: weights 4 and 9 over six, modulo 10, then the specialty.</summary>
    public static double Lanr(ReadOnlySpan<byte> d, double sureness) =>
        (10 - (Checksum.Weighted(d, [4, 9, 4, 9, 4, 9]) % 10)) % 10 == d[6] && !Checksum.IsRepeated(d[..7]) ? sureness : None;

    /// <summary>
    /// Nine or ten characters of an identity card or passport: serial without vowels and look-alikes; the tenth is the check
    /// digit of ICAO 9303, which some write as the ninth.
    /// </summary>
    public static double Document(ReadOnlySpan<char> w)
    {
        if (!DocumentLetters.Contains(w[0]) || w.ContainsAnyExcept(CharSets.GermanDocument) || !char.IsAsciiDigit(w[^1]))
        {
            return None;
        }

        var isChecked = Checksum.Icao(w[..^1]) == w[^1] - '0';
        return w.Length == 10 ? (isChecked ? Weak : None) : isChecked ? Weak : Trace / 2;
    }

    /// <summary>Whether the first letter is one of the passport offices' own; both series share C, F, G, H, J, K in practice.</summary>
    public static bool IsPassport(char first) => "CFGHJK".Contains(first);

    private static int CrossSum(int value) => (value / 10) + (value % 10);
}
