using static Platform.Redaction.Detection.Sureness;

namespace Platform.Redaction.Detection;

// Fields whose name speaks of a secret: password=..., "client_secret": "...", --token ...
internal ref partial struct TextScan
{
    private const int LongestSecret = 4096;

    private void SecretField(int keyStart, int keyEnd, SecretKind kind)
    {
        var value = ValueStart(keyStart, keyEnd, out var quote, out var isLoose);
        if (value < 0)
        {
            return;
        }

        Secret(value, ValueEnd(value, quote), kind, isLoose);
    }

    private void Secret(int value, int end, SecretKind kind, bool isLoose)
    {
        var text = _text[value..end];
        if (text.IsEmpty || IsPlaceholder(text))
        {
            return;
        }

        var sureness = kind switch
        {
            SecretKind.Password => !isLoose || IsMixedUp(text) ? Strong : None,
            SecretKind.Secret => text.Length >= 4 && (!isLoose || LooksRandom(text)) ? (LooksRandom(text) ? Strong : Likely) : None,
            _ => LooksRandom(text) ? Strong : None,
        };
        if (sureness > None)
        {
            Add(kind == SecretKind.Password ? PiiType.Password : PiiType.GenericSecret, value, end, sureness, isFirm: true);
        }
    }

    // --password hunter2
    private int SecretOption(int at)
    {
        var end = at + 2;
        while (CharClass.IsAlphanumeric(At(end)) || At(end) is '-' or '_')
        {
            end++;
        }

        if (At(end) == ' ')
        {
            var key = _text[(at + 2)..end];
            SecretField(at + 2, end, Begins(key, "passw") ? SecretKind.Password : Begins(key, "secret") ? SecretKind.Secret : SecretKind.Token);
        }

        return end;
    }

    // Behind the name: its closing quote, the sign, the opening quote. -1 where no value follows.
    private readonly int ValueStart(int keyStart, int keyEnd, out char quote, out bool isLoose)
    {
        quote = '\0';
        isLoose = false;
        var i = keyEnd;
        var isQuotedKey = At(i) is '"' or '\'' || (At(i) == '\\' && At(i + 1) == '"');
        i += isQuotedKey ? (At(i) == '\\' ? 2 : 1) : 0;
        var spaces = 0;
        while (At(i) == ' ' && spaces++ < 3)
        {
            i++;
        }

        if (At(i) is ':' or '=')
        {
            // A colon in prose promises less than an assignment.
            isLoose = At(i) == ':' && !isQuotedKey && At(i + 1) == ' ';
            i += At(i + 1) is '=' or '>' ? 2 : 1;
        }
        else if (!(spaces > 0 && IsOption(keyStart)))
        {
            return -1;
        }

        spaces = 0;
        while (At(i) == ' ' && spaces++ < 3)
        {
            i++;
        }

        if (At(i) == '\\' && At(i + 1) == '"')
        {
            quote = '\\';
            return i + 2;
        }

        if (At(i) is '"' or '\'')
        {
            quote = At(i);
            isLoose = false;
            return i + 1;
        }

        return i < _text.Length ? i : -1;
    }

    private readonly bool IsOption(int keyStart)
    {
        var i = keyStart;
        while (i > 0 && keyStart - i < 32 && (CharClass.IsAlphanumeric(_text[i - 1]) || _text[i - 1] == '-'))
        {
            i--;
        }

        return At(i) == '-' && At(i + 1) == '-';
    }

    private readonly int ValueEnd(int start, char quote)
    {
        var limit = _text.Slice(start, Math.Min(LongestSecret, _text.Length - start));
        if (quote != '\0')
        {
            var from = 0;
            while (true)
            {
                var close = limit[from..].IndexOfAny(quote, '\n');
                if (close < 0)
                {
                    break;
                }

                close += from;
                if (quote == '\\' || close == 0 || limit[close - 1] != '\\')
                {
                    return start + close;
                }

                from = close + 1;
            }
        }

        var end = limit.IndexOfAny(CharSets.ValueEnd);
        return start + (end < 0 ? limit.Length : end);
    }

    // What stands where a secret would: a variable, a word of the format, a value already masked.
    private static bool IsPlaceholder(ReadOnlySpan<char> value) =>
        value.IsEmpty || value[0] is '*' or '<' or '{' or '$' or '%' or '[' || value.Contains("***", StringComparison.Ordinal)
        || value.Equals("null", StringComparison.OrdinalIgnoreCase) || value.Equals("none", StringComparison.OrdinalIgnoreCase)
        || value.Equals("true", StringComparison.OrdinalIgnoreCase) || value.Equals("false", StringComparison.OrdinalIgnoreCase)
        || value.Equals("undefined", StringComparison.OrdinalIgnoreCase) || value.Equals("(null)", StringComparison.Ordinal)
        || value.StartsWith("System.", StringComparison.Ordinal) || value.StartsWith("Microsoft.", StringComparison.Ordinal);

    // Not a word of prose.
    private static bool IsMixedUp(ReadOnlySpan<char> value) =>
        value.Length >= 4 && (value.ContainsAny(CharSets.Digits) || value.ContainsAny(CharSets.PasswordSigns) || (value[1..].ContainsAny(CharSets.Upper) && value.ContainsAny(CharSets.Lower)));

    // Letters and digits mixed, and more than three bits of entropy a character.
    private static bool LooksRandom(ReadOnlySpan<char> value)
    {
        if (value.Length < 12 || !value.ContainsAny(CharSets.Digits) || !(value.ContainsAny(CharSets.Lower) || value.ContainsAny(CharSets.Upper)))
        {
            return false;
        }

        Span<byte> counts = stackalloc byte[128];
        counts.Clear();
        var sample = value[..Math.Min(value.Length, 200)];
        foreach (var c in sample)
        {
            if (c is ' ' or >= (char)127)
            {
                return false;
            }

            counts[c]++;
        }

        var entropy = 0.0;
        foreach (var count in counts)
        {
            if (count > 0)
            {
                var share = (double)count / sample.Length;
                entropy -= share * Math.Log2(share);
            }
        }

        return entropy >= 3;
    }
}
