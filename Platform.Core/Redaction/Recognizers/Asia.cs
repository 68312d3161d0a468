using Platform.Redaction.Detection;
using static Platform.Redaction.Detection.Sureness;

namespace Platform.Redaction.Recognizers;

/// <summary>Singapore, Korea and Thailand. Words come in upper case.</summary>
internal static class Asia
{
    private const string EntityAlphabet = "ABCDEFGHJKLMNPQRSTUVWX0123456789";

    /// <summary>Letter, seven digits, letter. Immigration and Checkpoints Authority: weights 2, 7, 6, 5, 4, 3, 2, modulo 11.</summary>
    public static double Nric(ReadOnlySpan<char> w)
    {
        if (!"STFGM".Contains(w[0]))
        {
            return None;
        }

        ReadOnlySpan<byte> weights = [2, 7, 6, 5, 4, 3, 2];
        var sum = w[0] switch { 'T' or 'G' => 4, 'M' => 3, _ => 0 };
        for (var i = 0; i < 7; i++)
        {
            sum += (w[i + 1] - '0') * weights[i];
        }

        var letters = w[0] switch { 'S' or 'T' => "JZIHGFEDCBA", 'M' => "XWUTRQPNJLK", _ => "XWUTRQPNMLK" };
        var place = sum % 11;
        return letters[w[0] == 'M' ? 10 - place : place] == w[8] || letters[place] == w[8] ? Strong : Faint;
    }

    /// <summary>Accounting and Corporate Regulatory Authority: eight digits and letter (business).</summary>
    public static double Business(ReadOnlySpan<char> w) => Entity(w[..8], [10, 4, 9, 3, 8, 2, 7, 1], 0, "XMKECAWLJDB", w[8], Weak);

    /// <summary>Year, five digits and letter (local company).</summary>
    public static double Company(ReadOnlySpan<char> w) =>
        w[0] is '1' or '2' ? Entity(w[..9], [10, 8, 6, 4, 9, 7, 5, 3, 1], 0, "ZKCMDNERGWH", w[9], Weak) : None;

    /// <summary>T, S or R, year, two letters of the kind, four digits and letter (other entities).</summary>
    public static double OtherEntity(ReadOnlySpan<char> w)
    {
        if (w[0] is not ('T' or 'S' or 'R') || w[1..3].ContainsAnyExcept(CharSets.Digits) || w[5..9].ContainsAnyExcept(CharSets.Digits))
        {
            return None;
        }

        ReadOnlySpan<byte> weights = [4, 3, 5, 3, 10, 2, 2, 5, 7];
        var sum = -5;
        for (var i = 0; i < 9; i++)
        {
            var value = EntityAlphabet.IndexOf(w[i], StringComparison.Ordinal);
            if (value < 0)
            {
                return None;
            }

            sum += value * weights[i];
        }

        return EntityAlphabet[((sum % 11) + 11) % 11] == w[9] ? Possible : None;
    }

    /// <summary>Thirteen digits: birth date, digit of sex and century, place (up to 2020), check digit (up to 2020, so not demanded).</summary>
    public static double KoreanResident(ReadOnlySpan<byte> d, double sureness) => d[6] is >= 1 and <= 4 ? KoreanPerson(d, sureness, 11) : None;

    /// <summary>The same for foreigners: 5 to 8, and 13 in the sum.</summary>
    public static double KoreanForeigner(ReadOnlySpan<byte> d, double sureness) => d[6] is >= 5 and <= 8 ? KoreanPerson(d, sureness, 13) : None;

    /// <summary>Ten digits. National Tax Service: weights 1, 3, 7, 1, 3, 7, 1, 3, 5, the tens of the ninth product too.</summary>
    public static double KoreanBusiness(ReadOnlySpan<byte> d, double sureness)
    {
        var sum = Checksum.Weighted(d, [1, 3, 7, 1, 3, 7, 1, 3, 5]) + (d[8] * 5 / 10);
        return (10 - (sum % 10)) % 10 == d[9] && !Checksum.IsRepeated(d) ? sureness : None;
    }

    /// <summary>Letter of the kind of passport, then eight digits, or three digits, letter, four digits.</summary>
    public static bool IsKoreanPassport(ReadOnlySpan<char> w) => "MSRODG".Contains(w[0]);

    /// <summary>Region, year, number, check. The region is 11 to 28.</summary>
    public static double KoreanLicense(ReadOnlySpan<byte> d, double sureness) => (d[0] * 10) + d[1] is >= 11 and <= 28 ? sureness : None;

    /// <summary>Thirteen digits. Department of Provincial Administration: kind 1 to 8, province, weights 13 to 2, modulo 11.</summary>
    public static double ThaiId(ReadOnlySpan<byte> d, double sureness)
    {
        var province = (d[1] * 10) + d[2];
        var isProvince = province is (>= 10 and <= 27) or (>= 30 and <= 58) or (>= 60 and <= 67) or (>= 70 and <= 77) or (>= 80 and <= 86) or (>= 90 and <= 96);
        var check = (11 - (Checksum.Weighted(d, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 10;
        return d[0] is >= 1 and <= 8 && isProvince && check == d[12] ? sureness : None;
    }

    private static double KoreanPerson(ReadOnlySpan<byte> d, double sureness, int start)
    {
        var century = d[6] is 1 or 2 or 5 or 6 ? 1900 : 2000;
        if (!Checksum.IsDate(century + (d[0] * 10) + d[1], (d[2] * 10) + d[3], (d[4] * 10) + d[5]))
        {
            return None;
        }

        var check = (start - (Checksum.Weighted(d, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11) + 10) % 10;
        return check == d[12] ? Math.Min(Strong, sureness + 0.15) : sureness;
    }

    private static double Entity(ReadOnlySpan<char> digits, ReadOnlySpan<byte> weights, int start, string letters, char check, double sureness)
    {
        var sum = start;
        for (var i = 0; i < digits.Length; i++)
        {
            sum += (digits[i] - '0') * weights[i];
        }

        return letters[sum % 11] == check ? sureness : None;
    }
}
