namespace Platform.Redaction.Detection;

// What the name before a colon or equals sign says of the value behind: password=..., "client_secret": "...", "lastName":"...".
internal ref partial struct TextScan
{
    private const int LongestKey = 48;

    private enum SecretKind
    {
        Password,
        Secret,
        Key,
        Token,
    }

    // The last two letters of the name rule out nearly every other.
    private void Field(int sign)
    {
        var end = sign;
        if (end > 0 && _text[end - 1] is '"' or '\'')
        {
            end -= end > 1 && _text[end - 2] == '\\' ? 2 : 1;
        }
        else if (end > 0 && _text[end - 1] == ' ')
        {
            end -= end > 1 && _text[end - 2] == ' ' ? 2 : 1;
        }

        if (end < 3 || !IsFieldEnding(_text[end - 2], _text[end - 1]))
        {
            return;
        }

        var start = end;
        var least = Math.Max(0, end - LongestKey);
        while (start > least && (CharClass.IsAlphanumeric(_text[start - 1]) || _text[start - 1] is '_' or '-'))
        {
            start--;
        }

        var key = _text[start..end];
        if (Ends(key, "name"))
        {
            NameField(end - "name".Length, end);
        }
        else if (Ends(key, "password") || Ends(key, "passwd") || Ends(key, "passphrase") || IsPwd(key))
        {
            SecretField(start, end, SecretKind.Password);
        }
        else if (Ends(key, "secret") || Ends(key, "secretkey") || Ends(key, "secret_key") || Ends(key, "secret-key"))
        {
            SecretField(start, end, SecretKind.Secret);
        }
        else if (Ends(key, "token"))
        {
            // A name in .NET, which everybody knows.
            if (!Ends(key, "PublicKeyToken"))
            {
                SecretField(start, end, SecretKind.Token);
            }
        }
        else if (Ends(key, "key") ? IsSecretKey(key) : key.Equals("sig", StringComparison.OrdinalIgnoreCase))
        {
            SecretField(start, end, SecretKind.Key);
        }
    }

    private static bool IsFieldEnding(char before, char last) => (last | 0x20) switch
    {
        'e' => (before | 0x20) is 'm' or 's',
        'd' => (before | 0x20) is 'r' or 'w',
        't' or 'n' or 'y' => (before | 0x20) == 'e',
        'g' => (before | 0x20) == 'i',
        _ => false,
    };

    private static bool IsSecretKey(ReadOnlySpan<char> key)
    {
        var before = key[..^"key".Length].TrimEnd("_-");
        return Ends(before, "api") || Ends(before, "access") || Ends(before, "account") || Ends(before, "secretaccess") || Ends(before, "secret_access")
            || Ends(before, "signing") || Ends(before, "encryption") || Ends(before, "private") || Ends(before, "auth") || Ends(before, "shared");
    }

    // Three letters also end codes: 0HNXYZPWD.
    private static bool IsPwd(ReadOnlySpan<char> key) =>
        Ends(key, "pwd") && (key.Length == 3 || key[^4] is '_' or '-' || char.IsAsciiLetterLower(key[^4]));

    private static bool Ends(ReadOnlySpan<char> text, string word) => text.EndsWith(word, StringComparison.OrdinalIgnoreCase);
}
