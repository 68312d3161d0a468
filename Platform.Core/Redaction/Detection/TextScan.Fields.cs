using static Platform.Redaction.Detection.Sureness;

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
        else if (SecretKindOf(key) is { } kind)
        {
            SecretField(start, end, kind);
        }
    }

    // The text is the value of a field, whose name says what it is.
    private void FieldValue()
    {
        var name = _field.Length <= LongestKey ? _field : _field[^LongestKey..];
        if (name.Length < 3 || !IsFieldEnding(name[^2], name[^1]) || _text.Length > LongestSecret)
        {
            return;
        }

        if (Ends(name, "name"))
        {
            var key = NameKeyOf(name[..^"name".Length], out _);
            if (IsName(_text) && (key == NameKey.Person || (key == NameKey.Many && IsOfTwoWords(_text))))
            {
                Add(PiiType.PersonName, 0, _text.Length, Strong - 0.05, isFirm: true);
            }
        }
        else if (SecretKindOf(name) is { } kind)
        {
            Secret(0, _text.Length, kind, isLoose: false);
        }
    }

    private static SecretKind? SecretKindOf(ReadOnlySpan<char> key)
    {
        if (Ends(key, "password") || Ends(key, "passwd") || Ends(key, "passphrase") || IsPwd(key))
        {
            return SecretKind.Password;
        }

        if (Ends(key, "secret") || Ends(key, "secretkey") || Ends(key, "secret_key") || Ends(key, "secret-key"))
        {
            return SecretKind.Secret;
        }

        if (Ends(key, "token"))
        {
            // A name in .NET, which everybody knows.
            return Ends(key, "PublicKeyToken") ? null : SecretKind.Token;
        }

        return (Ends(key, "key") ? IsSecretKey(key) : key.Equals("sig", StringComparison.OrdinalIgnoreCase)) ? SecretKind.Key : null;
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
