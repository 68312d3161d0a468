using System.Text.RegularExpressions;

namespace Platform.Benchmarks.Redaction;

/// <summary>The same detectors in the usual way: a compiled regular expression each, one after another, without their checksums.</summary>
internal static class RegexDetectors
{
    private const RegexOptions Options = RegexOptions.Compiled | RegexOptions.CultureInvariant;

    private static readonly string[] Patterns =
    [
        @"[A-Za-z0-9._%+'!#$~-]{1,64}(?:@|%40)(?:[\p{L}\d-]+\.)+[\p{L}]{2,63}",
        @"(?<!\w)\+[1-9]\d{0,2}(?:[ ./()-]{0,2}\d){6,14}\b",
        @"(?<!\w)(?:\(\d{3}\) ?|\d{3}[-. ])\d{3}[-. ]\d{4}\b",
        @"(?i)\b(?:phone|telephone|tel|mobile|cell|fax|call)\W{1,3}\d(?:[ ./()-]{0,2}\d){6,14}\b",
        @"\b(?:1\d{3}|2[2-7]\d{2}|3\d{3}|4\d{3}|5\d{3}|6\d{3})[- ]?\d{3,6}[- ]?\d{3,5}[- ]?\d{0,5}\b",
        @"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?\b",
        @"\b(?:[13][a-km-zA-HJ-NP-Z1-9]{25,34}|bc1[a-z0-9]{39,59}|0x[a-fA-F0-9]{40})\b",
        @"\b(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:/\d{1,2})?\b",
        @"(?<![:\w])(?:[A-Fa-f0-9]{1,4}:){7}[A-Fa-f0-9]{1,4}\b|(?<![:\w])(?:[A-Fa-f0-9]{1,4}:){0,6}:(?::?[A-Fa-f0-9]{1,4}){0,6}\b",
        @"\b(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}\b|\b(?:[0-9A-Fa-f]{4}\.){2}[0-9A-Fa-f]{4}\b",
        @"(?i)(?:dob|birth|born)\W.{0,24}?\b\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}\b",
        @"(?i)""?(?:first|last|full|given|family|customer|contact)_?name""?\s*[:=]\s*""?[\p{L}][\p{L} .'-]{1,79}",
        @"\b\d{3}[- .]\d{2}[- .]\d{4}\b",
        @"\b9\d{2}[- ]?(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])[- ]?\d{4}\b",
        @"\b(?:[A-Z]\d{8}|\d{9})\b",
        @"\b[0123678]\d{3}-?\d{4}-?\d\b",
        @"\b[12]\d{9}\b",
        @"\b[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y]{2}\d{2}\b",
        @"\b[ABCDEFGHJKLMPRSTUX][A-Z9]\d{7}\b",
        @"\b[1-79]\d{2}[- ]?\d{3}[- ]?\d{3}\b",
        @"\b\d{3}[- ]?\d{3}[- ]?\d{4}\b",
        @"(?i)\b(?!BG|GB|KN|NK|NT|TN|ZZ)[ABCEGHJ-PRSTW-Z][ABCEGHJ-NPRSTW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b",
        @"\b[A-Z]{2}\d{7}\b",
        @"\b[A-Z9]{5}\d[0156]\d[0-3]\d{2}[A-Z9]{2}[A-Z0-9]{3}\b",
        @"\b(?:GIR ?0AA|[A-PR-UWYZ][A-HK-Y]?\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2})\b",
        @"\b(?:[A-HJ-PR-Y]{2}\d{2}[- ]?[A-HJ-PR-Z]{3}|[A-Z]\d{1,3}[- ]?[A-Z]{3}|[A-Z]{3}[- ]?\d{1,3}[A-Z])\b",
        @"\b\d{2} ?\d{3} ?\d{3} ?\d{3}\b",
        @"\b\d{3} \d{3} \d{3}\b",
        @"\b[2-6]\d{3} ?\d{5} ?\d\b",
        @"\b[2-9]\d{3}[- :]?\d{4}[- :]?\d{4}\b",
        @"\b[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z]\b",
        @"\b[0-3]\d[A-Z]{5}\d{4}[A-Z][1-9A-Z]Z[0-9A-Z]\b",
        @"\b[A-PR-WY][1-9]\d{6}\b",
        @"\b[A-Z]{3}\d{7}\b",
        @"\b[A-Z]{2}\d{1,2}[A-Z]{1,3}\d{4}\b",
        @"\b[A-Z]{6}[\dLMNP-V]{2}[ABCDEHLMPRST][\dLMNP-V]{2}[A-Z][\dLMNP-V]{3}[A-Z]\b",
        @"\b\d{11}\b",
        @"\b(?:U1[A-Z0-9]{7}[A-Z]|[A-Z]{2}\d{7}[A-Z])\b",
        @"(?i)\b\d{7,8}-?[A-HJ-NP-TV-Z]\b",
        @"(?i)\b[XYZ]\d{7}-?[A-Z]\b",
        @"\b[A-Z]{3}\d{6}\b",
        @"\b(?:\d{2,3}/\d{3,4}/\d{4,5}|(?:0[1-9]|1[0-6])\d{11})\b",
        @"\bDE[ -]?\d{3}[ -]?\d{3}[ -]?\d{3}\b",
        @"\b[CFGHJKLMNPRTVWXYZ][CFGHJKLMNPRTVWXYZ0-9]{8}\b",
        @"\b[A-Z]{2}\d{8}[A-Z0-9]\b",
        @"\b[A-Z]\d{9}\b",
        @"\b\d{2}[0-7]\d[01]\d{3}[A-Z]\d{3}\b",
        @"(?i)\bHR[AB] ?\d{1,6}\b",
        @"\b[A-ZÄÖÜ]{1,3}[- ][A-Z]{1,2}[- ]\d{1,4}[HE]?\b",
        @"\b[0-3]\d[01]\d{3}[-+A-FU-Y]\d{3}[0-9A-Y]\b",
        @"\b(?:19|20)?\d{6}[-+]?\d{4}\b",
        @"\b[STFGM]\d{7}[A-Z]\b",
        @"\b(?:\d{8}[A-Z]|\d{9}[A-Z]|[TSR]\d{2}[A-Z]{2}\d{4}[A-Z])\b",
        @"\b\d{6}-?[1-8]\d{6}\b",
        @"\b\d{3}-\d{2}-\d{5}\b",
        @"(?i)\b[MSRODG](?:\d{8}|\d{3}[A-Z]\d{4})\b",
        @"\b(?:1[1-9]|2[0-8])-\d{2}-\d{6}-\d{2}\b",
        @"\b[1-8]\d{12}\b",
        @"\b\d{3}-\d{3}-\d{3}(?:-\d{3,5})?\b",
        @"[a-z][a-z0-9+.-]*://[^\s/:@""']+:[^\s/@""']+@",
        @"(?i)(?:password|passwd|pwd|passphrase)""?\s*[:=]\s*""?[^\s""';,&]+",
        @"(?i)(?:secret|token|api[-_]?key|access[-_]?key|accountkey)\w*""?\s*[:=]\s*""?[A-Za-z0-9+/=_.-]{12,}",
        @"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b|\bAIza[\w-]{35}\b|\bgh[pousr]_\w{36,}\b|\bglpat-[\w-]{20,}\b|\bxox[abprs]-[\w-]{10,}\b",
        @"\b[sr]k_(?:live|test)_\w{16,}\b|\bsk-[\w-]{20,}\b|\bnpm_\w{36}\b|\bSG\.[\w-]{22}\.[\w-]{43}\b",
        @"\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*",
        @"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]{0,65536}?-----END [A-Z ]*PRIVATE KEY-----",
        @"(?i)\b(?:bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}",
        @"https://hooks\.slack\.com/services/[\w/]+|https://discord(?:app)?\.com/api/webhooks/\d+/[\w-]+",
    ];

    private static readonly Regex[] Expressions = [.. Patterns.Select(pattern => new Regex(pattern, Options))];

    public static int Count => Patterns.Length;

    public static int Run(string line)
    {
        var matches = 0;
        foreach (var expression in Expressions)
        {
            foreach (var _ in expression.EnumerateMatches(line))
            {
                matches++;
            }
        }

        return matches;
    }
}
