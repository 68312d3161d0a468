namespace Platform.Redaction.Detection;

// E-mail addresses, and what else an at sign announces: credentials in a URL.
internal ref partial struct TextScan
{
    private const int LongestLocalPart = 64;
    private const int LongestDomain = 253;
    private const int LongestAuthority = 512;

    // RFC 5321, section 4.1.2, without the characters that stand around addresses in logs and URLs.
    private int AtSign(int at, int width)
    {
        if (width == 1)
        {
            UrlCredentials(at);
        }

        var end = DomainEnd(at + width);
        if (end < 0)
        {
            return at + width;
        }

        var start = at;
        var least = Math.Max(0, at - LongestLocalPart - 1);
        while (start > least && IsLocal(_text[start - 1]))
        {
            start--;
        }

        // A longer run is no local part.
        if (start == least && least > 0)
        {
            return at + width;
        }

        while (start < at && !CharClass.IsAlphanumeric(_text[start]) && _text[start] < 128 && _text[start] != '_')
        {
            start++;
        }

        if (start == at || _text[at - 1] == '.' || _text[start..at].Contains("..", StringComparison.Ordinal) || At(start - 1) == '*')
        {
            return at + width;
        }

        // %22john%40example.com: an escape before the address is not a part of it.
        if (width > 1 && start >= 1 && _text[start - 1] == '%' && at - start > 2 && CharClass.IsHex(_text[start]) && CharClass.IsHex(_text[start + 1]))
        {
            start += 2;
        }

        Add(PiiType.Email, start, end, Sureness.Certain, isFirm: true);

        // A quoted or structured text goes on behind; the domain has no other match in it.
        return end;
    }

    private readonly int DomainEnd(int start)
    {
        var most = Math.Min(_text.Length, start + LongestDomain + 1);
        var end = start;
        var label = start;
        while (end < most)
        {
            var c = _text[end];
            if (c == '.')
            {
                if (end == label)
                {
                    break;
                }

                label = end + 1;
            }
            else if (!(CharClass.IsAlphanumeric(c) || c == '-' || (c >= 128 && char.IsLetter(c))))
            {
                break;
            }

            end++;
        }

        // The dot that ends a sentence.
        while (end > start && _text[end - 1] is '.' or '-')
        {
            end--;
        }

        var lastDot = start + _text[start..end].LastIndexOf('.');
        if (lastDot <= start || end - start > LongestDomain || _text[start] == '-' || At(end) is '*')
        {
            return -1;
        }

        var top = _text[(lastDot + 1)..end];
        return top.Length >= 2 && top.Length <= 63 && (IsLetters(top) || top.StartsWith("xn--", StringComparison.OrdinalIgnoreCase)) ? end : -1;
    }

    // scheme://user:password@host
    private void UrlCredentials(int at)
    {
        var least = Math.Max(0, at - LongestAuthority);
        var start = at;
        while (start > least && _text[start - 1] is not (' ' or '"' or '\'' or '<' or '>' or '\t' or '\n' or '\r' or '/' or '@'))
        {
            start--;
        }

        if (start < 3 || start == at || !_text[(start - 3)..start].SequenceEqual("://"))
        {
            return;
        }

        var userInfo = _text[start..at];
        var colon = userInfo.IndexOf(':');
        if (colon >= 0 && !IsPlaceholder(userInfo[(colon + 1)..]))
        {
            Add(PiiType.UrlCredentials, start, at, Sureness.Certain, isFirm: true);
        }
    }

    private static bool IsLocal(char c) =>
        CharClass.IsAlphanumeric(c) || c is '.' or '_' or '-' or '+' or '%' or '\'' or '!' or '#' or '$' or '~' or '&' || (c >= 128 && char.IsLetter(c));

    private static bool IsLetters(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!CharClass.IsLetter(c) && !(c >= 128 && char.IsLetter(c)))
            {
                return false;
            }
        }

        return true;
    }
}
