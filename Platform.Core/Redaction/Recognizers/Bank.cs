using System.Collections.Frozen;

namespace Platform.Redaction.Recognizers;

/// <summary>International bank account numbers: ISO 13616, the registry of SWIFT.</summary>
internal static class Bank
{
    private const string Registry =
        "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 " +
        "FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 " +
        "MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 " +
        "SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30 DZ26 AO25 BJ28 BF28 CM27 CV25 CF27 TD27 KM27 CG27 CI28 GA27 GQ27 GW25 IR26 " +
        "MG27 ML28 MA28 MZ25 NE28 SN28 TG28";

    /// <summary>The longest there is.</summary>
    public const int LongestIban = 34;

    private static readonly FrozenDictionary<int, int> Lengths = Registry.Split(' ')
        .ToFrozenDictionary(entry => Country(entry[0], entry[1]), entry => ((entry[2] - '0') * 10) + entry[3] - '0');

    /// <summary>The length that the country's accounts have, or 0 where there is no such country. Upper case.</summary>
    public static int IbanLength(char first, char second) => Lengths.GetValueOrDefault(Country(first, second));

    /// <summary>Whether the number modulo 97 is 1 (ISO 7064), letters counting from A = 10 and the first four standing last.</summary>
    public static bool IsIban(ReadOnlySpan<char> iban)
    {
        var remainder = 0;
        for (var i = 0; i < iban.Length; i++)
        {
            var c = iban[(i + 4) % iban.Length];
            remainder = char.IsAsciiDigit(c) ? ((remainder * 10) + c - '0') % 97 : ((remainder * 100) + c - 'A' + 10) % 97;
        }

        // Check digits 00, 01 and 99 are never given.
        return remainder == 1 && iban[2..4] is not ("00" or "01" or "99");
    }

    private static int Country(char first, char second) => (first << 8) | second;
}
