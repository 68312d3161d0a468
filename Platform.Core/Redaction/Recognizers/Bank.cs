using System.Collections.Frozen;
using Platform.Redaction.Detection;

namespace Platform.Redaction.Recognizers;

/// <summary>International bank account numbers: ISO 13616, the registry of SWIFT.</summary>
internal static class Bank
{
    // The structure of each country's account behind the check digits: n digits, a letters, c either.
    private const string Registry =
        "AD:8n12c AE:19n AL:8n16c AT:16n AZ:4a20c BA:16n BE:12n BG:4a6n8c BH:4a14c BI:23n BR:23n1a1c BY:4c4n16c CH:5n12c " +
        "CR:18n CY:8n16c CZ:20n DE:18n DJ:23n DK:14n DO:4c20n EE:16n EG:25n ES:20n FI:14n FK:2a12n FO:14n FR:10n11c2n " +
        "GB:4a14n GE:2a16n GI:4a15c GL:14n GR:7n16c GT:24c HN:4a20n HR:17n HU:24n IE:4a14n IL:19n IQ:4a15n IS:22n " +
        "IT:1a10n12c JO:4a4n18c KW:4a22c KZ:3n13c LB:4n20c LC:4a24c LI:5n12c LT:16n LU:3n13c LV:4a13c LY:21n MC:10n11c2n " +
        "MD:20c ME:18n MK:3n10c2n MN:16n MR:23n MT:4a5n18c MU:4a19n3a NI:4a20n NL:4a10n NO:11n OM:3n16c PK:4a16c PL:24n " +
        "PS:4a21c PT:21n QA:4a21c RO:4a16c RS:18n RU:14n15c SA:2n18c SC:4a20n3a SD:14n SE:20n SI:15n SK:20n SM:1a10n12c " +
        "SO:19n ST:21n SV:4a20n TL:19n TN:20n TR:6n16c UA:6n19c VA:18n VG:4a16n XK:16n YE:4a4n18c DZ:22n AO:21n BJ:2c22n " +
        "BF:2c22n CM:23n CV:21n CF:23n TD:23n KM:23n CG:23n CI:2c22n GA:23n GQ:23n GW:2c19n IR:22n MG:23n ML:2c22n " +
        "MA:24n MZ:21n NE:2c22n SN:2c22n TG:2c22n";

    /// <summary>The longest there is.</summary>
    public const int LongestIban = 34;

    private static readonly FrozenDictionary<int, (int Length, string Structure)> Countries = Registry.Split(' ')
        .ToFrozenDictionary(entry => Country(entry[0], entry[1]), entry => (4 + LengthOf(entry.AsSpan(3)), entry[3..]));

    /// <summary>The length that the country's accounts have, or 0 where there is no such country. Upper case.</summary>
    public static int IbanLength(char first, char second) => Countries.GetValueOrDefault(Country(first, second)).Length;

    /// <summary>Whether letters and digits stand where the country has them. Upper case, of the country's length.</summary>
    public static bool HasStructure(ReadOnlySpan<char> iban)
    {
        var structure = Countries[Country(iban[0], iban[1])].Structure;
        var place = 4;
        var count = 0;
        foreach (var c in structure)
        {
            if (char.IsAsciiDigit(c))
            {
                count = (count * 10) + c - '0';
                continue;
            }

            var part = iban.Slice(place, count);
            if ((c == 'n' && part.ContainsAnyExcept(CharSets.Digits)) || (c == 'a' && part.ContainsAnyExcept(CharSets.Upper)))
            {
                return false;
            }

            place += count;
            count = 0;
        }

        return true;
    }

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

    private static int LengthOf(ReadOnlySpan<char> structure)
    {
        var (length, count) = (0, 0);
        foreach (var c in structure)
        {
            (length, count) = char.IsAsciiDigit(c) ? (length, (count * 10) + c - '0') : (length + count, 0);
        }

        return length;
    }

    private static int Country(char first, char second) => (first << 8) | second;
}
