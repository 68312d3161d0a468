using System.Buffers;
using System.Buffers.Text;
using static Platform.Redaction.Detection.Sureness;

namespace Platform.Redaction.Detection;

// Secrets with a form of their own: what the services put in front of their keys so that they can be found.
internal ref partial struct TextScan
{
    // As far as a token may go on before its first digit.
    private const int LongestLead = 48;
    private const int LongestPem = 64 * 1024;

    private static readonly SearchValues<char> PrefixBeginnings = SearchValues.Create("AGyegxsrwnpSdh");

    // Prefix, and the least number of characters behind it.
    private static readonly (string Prefix, int Least)[] Prefixes =
    [
        ("AKIA", 16), ("ASIA", 16), ("ABIA", 16), ("ACCA", 16), ("AIza", 35), ("GOCSPX-", 20), ("ya29.", 20), ("ghp_", 36), ("gho_", 36),
        ("ghu_", 36), ("ghs_", 36), ("ghr_", 36), ("github_pat_", 22), ("glpat-", 20), ("xoxb-", 10), ("xoxp-", 10), ("xoxa-", 10),
        ("xoxr-", 10), ("xoxs-", 10), ("xapp-", 10), ("sk_live_", 16), ("sk_test_", 16), ("rk_live_", 16), ("rk_test_", 16), ("whsec_", 16),
        ("sk-ant-", 20), ("sk-", 20), ("npm_", 36), ("pypi-", 50), ("SG.", 40), ("shpat_", 32), ("shpss_", 32), ("dop_v1_", 60), ("hf_", 30),
        ("hvs.", 20),
    ];

    // From a word with digits that a prefix stands before, or that begins with one: where the token ends, or -1.
    private int Token(int start)
    {
        var from = start;
        var least = Math.Max(0, start - LongestLead);
        while (from > least && (CharClass.IsAlphanumeric(_text[from - 1]) || _text[from - 1] is '_' or '-'))
        {
            from--;
        }

        if (from == least && least > 0)
        {
            return -1;
        }

        if (At(from - 1) == '.' && from > 3 && _text[from - 2] == 'G' && _text[from - 3] == 'S')
        {
            from -= 3;
        }

        if (!PrefixBeginnings.Contains(_text[from]) || At(from - 1) == '*')
        {
            return -1;
        }

        return _text[from..].StartsWith("eyJ", StringComparison.Ordinal) ? Jwt(from) : Prefixed(from);
    }

    private int Prefixed(int at)
    {
        foreach (var (prefix, least) in Prefixes)
        {
            if (!_text[at..].StartsWith(prefix, StringComparison.Ordinal))
            {
                continue;
            }

            var end = TokenEnd(at + prefix.Length);
            if (prefix is "SG." && At(end) == '.')
            {
                end = TokenEnd(end + 1);
            }

            var body = _text[(at + prefix.Length)..end];
            if (body.Length < least || !body.ContainsAny(CharSets.Digits))
            {
                return -1;
            }

            // Keys of Amazon: twenty characters, upper case and digits (base 32).
            if (least == 16 && prefix.Length == 4 && (body.Length != 16 || body.ContainsAnyExcept(CharSets.UpperAlphanumeric)))
            {
                return -1;
            }

            Add(PiiType.ApiKey, at, end, Certain, isFirm: true);
            return end;
        }

        return -1;
    }

    // Header, payload and signature; the first two begin as JSON objects do in base64url.
    private int Jwt(int at)
    {
        var header = TokenEnd(at);
        if (At(header) != '.' || header - at < 10)
        {
            return -1;
        }

        var payload = TokenEnd(header + 1);
        if (payload == header + 1 && At(payload) != '.')
        {
            return -1;
        }

        var end = payload;
        for (var parts = 2; parts < 5 && At(end) == '.' && (TokenEnd(end + 1) > end + 1 || At(end + 1) == '.'); parts++)
        {
            end = TokenEnd(end + 1);
        }

        if (end > header + 10)
        {
            Add(PiiType.Jwt, at, end, Certain, isFirm: true);
        }

        return end;
    }

    // RFC 6750, section 2.1.
    private int Bearer(int at)
    {
        var start = at + "bearer ".Length;
        var end = CredentialEnd(start);
        var token = _text[start..end];
        if (token.Length >= 8 && !CharClass.IsLetter(At(at - 1)) && (LooksRandom(token) || (token.Length >= 16 && token.ContainsAny(CharSets.Digits))))
        {
            Add(PiiType.AuthorizationHeader, start, end, Strong + 0.05, isFirm: true);
        }

        // The token may be one that is known better.
        return start;
    }

    // RFC 7617, section 2: base64 of user, colon, password.
    private int BasicCredentials(int at)
    {
        var start = at + "basic ".Length;
        var end = CredentialEnd(start);
        var length = Math.Min(end - start, 256) & ~3;
        Span<byte> bytes = stackalloc byte[256];
        Span<byte> decoded = stackalloc byte[192];
        if (length >= 8 && System.Text.Encoding.ASCII.GetBytes(_text.Slice(start, length), bytes) == length
            && Base64.DecodeFromUtf8(bytes[..length], decoded, out _, out var written, isFinalBlock: false) is OperationStatus.Done or OperationStatus.NeedMoreData
            && decoded[..written].Contains((byte)':') && !decoded[..written].ContainsAnyInRange((byte)0, (byte)31))
        {
            Add(PiiType.AuthorizationHeader, start, end, Strong + 0.05, isFirm: true);
            return end;
        }

        return start;
    }

    // RFC 7468: to the line that ends it, or to the end of the text where that is cut off.
    private int PrivateKey(int at)
    {
        var limit = _text.Slice(at, Math.Min(LongestPem, _text.Length - at));
        var label = limit["-----BEGIN".Length..];
        var labelEnd = label.IndexOf("-----", StringComparison.Ordinal);
        if (labelEnd is < 0 or > 40 || !label[..labelEnd].Contains("PRIVATE KEY", StringComparison.Ordinal))
        {
            return at + 1;
        }

        var end = limit.Length;
        var close = limit.IndexOf("-----END", StringComparison.Ordinal);
        if (close >= 0)
        {
            var rest = limit[(close + "-----END".Length)..].IndexOf("-----", StringComparison.Ordinal);
            end = rest is >= 0 and <= 40 ? close + "-----END".Length + rest + "-----".Length : close;
        }

        Add(PiiType.PrivateKey, at, at + end, Certain, isFirm: true);
        return at + end;
    }

    // Slack, Discord and Teams: who has the address may post.
    private int Webhook(int at)
    {
        var least = Math.Max(0, at - 256);
        var scheme = _text[least..at].LastIndexOf("https://", StringComparison.OrdinalIgnoreCase);
        if (scheme < 0 || _text[(least + scheme)..at].ContainsAny(CharSets.UrlEnd))
        {
            return at + 1;
        }

        var start = least + scheme;
        var tail = _text.Slice(at, Math.Min(512, _text.Length - at));
        var length = tail.IndexOfAny(CharSets.UrlEnd);
        var end = at + (length < 0 ? tail.Length : length);
        var url = _text[start..end];
        if (url.StartsWith("https://hooks.slack.com/", StringComparison.OrdinalIgnoreCase) && url.Length > 45
            || (url.Contains("discord", StringComparison.OrdinalIgnoreCase) && url.Contains("/api/webhooks/", StringComparison.OrdinalIgnoreCase) && url.Length > 60)
            || (url.Contains(".office.com/webhook", StringComparison.OrdinalIgnoreCase) && url.Length > 60))
        {
            Add(PiiType.WebhookUrl, start, end, Certain, isFirm: true);
            return end;
        }

        return at + 1;
    }

    // Telegram: the bot's number, a colon, 35 characters.
    private bool TelegramToken(int start, int colon)
    {
        if (At(colon + 1) != 'A' || TokenEnd(colon + 1) != colon + 36)
        {
            return false;
        }

        Add(PiiType.ApiKey, start, colon + 36, Certain, isFirm: true);
        return true;
    }

    private readonly int TokenEnd(int start)
    {
        if (start >= _text.Length)
        {
            return _text.Length;
        }

        var length = _text[start..].IndexOfAnyExcept(CharSets.Token);
        return length < 0 ? _text.Length : start + length;
    }

    private readonly int CredentialEnd(int start)
    {
        if (start >= _text.Length)
        {
            return _text.Length;
        }

        var length = _text[start..].IndexOfAnyExcept(CharSets.Credential);
        return length < 0 ? _text.Length : start + length;
    }
}
