using System.Buffers;

namespace Platform.Redaction.Detection;

// Words that announce a value which nothing else leads to. One vectorised search for all of them.
internal ref partial struct TextScan
{
    private static readonly SearchValues<string> Announcements = SearchValues.Create(
        ["bearer ", "basic ", "-----BEGIN", "hooks.slack", "/webhook", "--passw", "--token", "--secret", "name is ", "mr. ", "mrs. ", "ms. ", "dr. "],
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
        return (rest[0] | 0x20) switch
        {
            'n' => NameIs(at),
            'm' or 'd' => Titled(at),
            'b' when Begins(rest, "bearer ") => Bearer(at),
            'b' => BasicCredentials(at),
            '-' when Begins(rest, "-----BEGIN") => PrivateKey(at),
            '-' => SecretOption(at),
            _ => Webhook(at),
        };
    }

    private static bool Begins(ReadOnlySpan<char> text, string word) => text.StartsWith(word, StringComparison.OrdinalIgnoreCase);

    // Addresses of letters alone, which nothing leads to; one of a hundred thousand is such, so only where the text is short.
    private void LetterMacs()
    {
        for (var i = 0; i + 14 <= _text.Length; i++)
        {
            if ((At(i + 2) == '-' && At(i + 5) == '-' && !CharClass.IsDigit(_text[i]) && IsMac(i, '-'))
                || (At(i + 4) == '.' && At(i + 9) == '.' && !CharClass.IsDigit(_text[i]) && IsDottedMac(i)))
            {
                i += 13;
            }
        }
    }
}
