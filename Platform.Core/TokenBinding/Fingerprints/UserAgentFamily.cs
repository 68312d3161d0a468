namespace Platform.TokenBinding.Fingerprints;

/// <summary>Says of a User-Agent header (RFC 9110, section 10.1.5) what stays the same when the program is updated: program and system, without versions.</summary>
public static class UserAgentFamily
{
    private const int MaxLength = 512;
    private const int MaxProduct = 40;

    // The first that is found counts: most browsers claim to be others as well.
    private static readonly (string Mark, string Name)[] Browsers =
    [
        ("Edg", "edge"), ("OPR/", "opera"), ("SamsungBrowser/", "samsung"), ("Firefox/", "firefox"), ("FxiOS/", "firefox"),
        ("CriOS/", "chrome"), ("Chrome/", "chrome"), ("Safari/", "safari"),
    ];

    private static readonly (string Mark, string Name)[] Systems =
    [
        ("Android", "android"), ("iPhone", "ios"), ("iPad", "ios"), ("Windows", "windows"), ("Mac OS X", "macos"), ("CrOS", "chromeos"), ("Linux", "linux"),
    ];

    /// <summary>Names the family.</summary>
    /// <param name="userAgent">The header's value; null where there was none.</param>
    /// <returns>Such as <c>chrome/android</c>, <c>curl</c>; <c>none</c> without a header.</returns>
    public static string Of(string? userAgent)
    {
        if (string.IsNullOrWhiteSpace(userAgent))
        {
            return "none";
        }

        var text = userAgent.AsSpan(0, Math.Min(userAgent.Length, MaxLength)).Trim();
        if (text.StartsWith("Mozilla/", StringComparison.Ordinal))
        {
            return $"{Find(text, Browsers)}/{Find(text, Systems)}";
        }

        // A tool: its first product token without the version.
        var end = text.IndexOfAny('/', ' ', '(');
        var product = end < 0 ? text : text[..end];
        return product[..Math.Min(product.Length, MaxProduct)].ToString().ToLowerInvariant();
    }

    private static string Find(ReadOnlySpan<char> text, (string Mark, string Name)[] known)
    {
        foreach (var (mark, name) in known)
        {
            if (text.Contains(mark, StringComparison.Ordinal))
            {
                return name;
            }
        }

        return "other";
    }
}
