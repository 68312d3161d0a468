using System.Buffers;

namespace Platform.Redaction.Detection;

// Words that announce a value: of secrets, of births, of names. One vectorised search for all of them.
internal ref partial struct TextScan
{
    private static readonly SearchValues<string> Announcements = SearchValues.Create(
        [
            "passw", "passphrase", "pwd", "secret", "token", "apikey", "api_key", "api-key", "accesskey", "access_key", "accountkey", "sig=",
            "bearer ", "basic ", "eyJ", "-----BEGIN", "hooks.slack", "/webhook",
            "AKIA", "ASIA", "ABIA", "ACCA", "AIza", "GOCSPX-", "ya29.", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-",
            "xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xapp-", "sk_", "rk_", "sk-", "whsec_", "npm_", "pypi-", "SG.", "shpat_", "shpss_",
            "dop_v1_", "hf_", "hvs.", "birth", "dob", "born", "name", "mr.", "mrs.", "ms.", "dr.", "address",
        ],
        StringComparison.OrdinalIgnoreCase);

    private void Keywords()
    {
        var position = 0;
        while (position < _text.Length)
        {
            var step = _text[position..].IndexOfAny(Announcements);
            if (step < 0)
            {
                return;
            }

            position += step;
            position = Math.Max(position + 1, Announced(position));
        }
    }

    // Where to go on.
    private int Announced(int at)
    {
        var rest = _text[at..];
        switch (rest[0] | 0x20)
        {
            case 'n' when Begins(rest, "name"):
                return NameField(at);
            case 't':
                return SecretField(at, "token".Length, SecretKind.Token);
            case 'p' when Begins(rest, "passw") || Begins(rest, "passphrase") || Begins(rest, "pwd"):
                return SecretField(at, PasswordWord(rest), SecretKind.Password);
            case 'a' when Begins(rest, "address"):
                return MacBehind(at + "address".Length);
            case 'a' when rest.Length > 4 && (rest[1] | 0x20) is 'p' or 'c' && !Begins(rest, "ACCA"):
                return SecretField(at, rest.IndexOfAny('y', 'Y') + 1, SecretKind.Key);
            case 's' when Begins(rest, "secret"):
                return SecretField(at, "secret".Length, SecretKind.Secret);
            case 's' when Begins(rest, "sig="):
                return SecretField(at, "sig".Length, SecretKind.Key);
            case 'b' when Begins(rest, "bearer "):
                return Bearer(at);
            case 'b' when Begins(rest, "basic "):
                return BasicCredentials(at);
            case 'b' or 'd' when Begins(rest, "birth") || Begins(rest, "born") || Begins(rest, "dob"):
                return Birth(at);
            case 'm' or 'd' when Begins(rest, "mr.") || Begins(rest, "mrs.") || Begins(rest, "ms.") || Begins(rest, "dr."):
                return Titled(at);
            case 'e':
                return Jwt(at);
            case '-':
                return PrivateKey(at);
            case 'h' when Begins(rest, "hooks.slack"):
            case '/':
                return Webhook(at);
            default:
                return Prefixed(at);
        }
    }

    private static int PasswordWord(ReadOnlySpan<char> rest) =>
        Begins(rest, "password") ? 8 : Begins(rest, "passwd") ? 6 : Begins(rest, "passphrase") ? 10 : Begins(rest, "pwd") ? 3 : 5;

    private static bool Begins(ReadOnlySpan<char> text, string word) => text.StartsWith(word, StringComparison.OrdinalIgnoreCase);

    private int MacBehind(int from)
    {
        var most = Math.Min(_text.Length - 14, from + 24);
        for (var i = from; i <= most; i++)
        {
            if (CharClass.IsHex(_text[i]) && IsLeftEdge(i) && !CharClass.IsDigit(_text[i]))
            {
                if (At(i + 2) == '-' && IsMac(i, '-'))
                {
                    return i + 17;
                }

                if (At(i + 4) == '.' && IsDottedMac(i))
                {
                    return i + 14;
                }
            }
        }

        return from;
    }
}
