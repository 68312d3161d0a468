namespace Platform.Benchmarks.Redaction;

/// <summary>Text made to cost more than its length.</summary>
public static class HostileText
{
    /// <summary>What is repeated, by name.</summary>
    public static readonly (string Name, string Unit)[] Units =
    [
        ("at", "@"), ("mail", "a@a."), ("local", "a.a-a"), ("digits", "1"), ("groups", "1 2 "), ("card", "4111 1111 1111 1112 "), ("dashes", "12-"),
        ("dots", "1."), ("colons", ":"), ("hex", "ab:1:"), ("gap", "::"), ("plus", "+1"), ("parentheses", "(1"), ("iban", "GB29 NWBK 6016 "),
        ("upper", "A1"), ("url", "http://a:b"), ("password", "password"), ("assign", "secret=\""), ("jwt", "eyJ"), ("pem", "-----BEGIN PRIVATE KEY-----"),
        ("bearer", "bearer "), ("name", "my name is A"), ("born", "born "), ("phone", "phone 5321234567 "), ("base64", "aB3dE6gH9"),
        ("percent", "%40a"), ("zalgo", "Z̴̛͉̺̈́͌a̷̢͇͐l̵̰̾g̸̹̈o̵͕͝"), ("surrogates", "\ud800"), ("nulls", "\0"), ("address", "address "), ("webhook", "/webhook"),
    ];

    /// <summary>At least so many characters of it.</summary>
    public static string Repeat(string unit, int length)
    {
        ArgumentNullException.ThrowIfNull(unit);
        return string.Create((length / unit.Length + 1) * unit.Length, unit, static (span, unit) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = unit[i % unit.Length];
            }
        });
    }
}
