namespace Platform.Redaction.Detection;

// The words before and behind a value.
internal ref partial struct TextScan
{
    private const int CharsBefore = 96;
    private const int CharsBehind = 56;
    private const int WordsBefore = 9;
    private const int WordsBehind = 6;

    private ContextWords.Context ContextAt(int start, int end)
    {
        // Start 0 with end 0 is no value, and before the first character there are no words: the fields' defaults are no wrong answer to any question.
        if (_contextStart == start && _contextEnd == end)
        {
            return _context;
        }

        // Numbers that may be one or several are asked for with one start and many ends.
        if (_contextStart != start)
        {
            _before = default;
            ReadBefore(start, ref _before);
            _contextStart = start;
        }

        // A word behind a value may be the next value's, so it only adds.
        var behind = default(ContextWords.Context);
        ReadBehind(end, ref behind);
        _contextEnd = end;
        _context = _before;
        _context.Types |= _fieldTypes | behind.Types;
        return _context;
    }

    private readonly void ReadBefore(int start, ref ContextWords.Context context)
    {
        var least = Math.Max(0, start - CharsBefore);
        ReadBack(_text[least..start], CharClass.IsDigit(At(start)), ref context);
    }

    // Words from the last on, to the beginning of the line; of customerPhone the second, then the first.
    private static void ReadBack(ReadOnlySpan<char> text, bool isDigitBehind, ref ContextWords.Context context)
    {
        var telling = false;
        var bits = new WordBits(text);
        var least = bits.LastLineEnd() + 1;
        var at = text.Length;
        for (var words = 0; words < WordsBefore && (at = bits.LastLetter(at - 1)) >= least; words++)
        {
            var end = at + 1;
            var isCode = end < text.Length ? CharClass.IsDigit(text[end]) || IsJoinedToCode(text, text[at], end, end + 1) : isDigitBehind;
            at = bits.LastOther(at) + 1;
            while (bits.LastHump(end - 1) is var hump && hump > at)
            {
                ReadWord(text[hump..end], isCode, ref context, ref telling);
                end = hump;
            }

            ReadWord(
                text[at..end], isCode || (at > 0 && (CharClass.IsDigit(text[at - 1]) || IsJoinedToCode(text, text[at], at - 1, at - 2))), ref context, ref telling);
        }
    }

    // "sMs_9A": with a dash or underscore to a digit, or to a letter of the other case, as in base64url.
    private static bool IsJoinedToCode(ReadOnlySpan<char> text, char letter, int joint, int beyond) =>
        text[joint] is '_' or '-' && (uint)beyond < (uint)text.Length && (CharClass.IsDigit(text[beyond])
            || (char.IsAsciiLetterUpper(text[beyond]) && char.IsAsciiLetterLower(letter)) || (char.IsAsciiLetterLower(text[beyond]) && char.IsAsciiLetterUpper(letter)));

    private readonly void ReadBehind(int end, ref ContextWords.Context context)
    {
        var text = _text.Slice(end, Math.Min(CharsBehind, _text.Length - end));
        var telling = true;
        var bits = new WordBits(text);
        var most = bits.FirstEnd();
        var wordEnd = 0;
        for (var words = 0; words < WordsBehind && bits.FirstLetter(wordEnd) is var at && at < most; words++)
        {
            wordEnd = bits.FirstOther(at);
            var isPartOfCode = wordEnd < text.Length && (CharClass.IsDigit(text[wordEnd]) || (at > 0 && CharClass.IsDigit(text[at - 1])));
            ReadWord(text[at..wordEnd], isPartOfCode, ref context, ref telling);
        }
    }

    private static void ReadField(ReadOnlySpan<char> field, ref ContextWords.Context context) =>
        ReadBack(field.Length <= CharsBefore ? field : field[^CharsBefore..], isDigitBehind: false, ref context);

    // Letters within an id or hash are no words, nor is one letter.
    private static void ReadWord(ReadOnlySpan<char> word, bool isPartOfCode, ref ContextWords.Context context, ref bool telling)
    {
        if (word.Length == 1 && word[0] < 128)
        {
            return;
        }

        if ((!isPartOfCode || word.Length >= 4) && Take(word, ref context, ref telling))
        {
            return;
        }

        if ((word[0] >= 128 || word[^1] >= 128) && word.Length > 2)
        {
            ReadPrefixes(word, ref context, ref telling);
            return;
        }

        telling = true;
    }

    // Scripts without spaces, and particles that grow onto a word.
    private static void ReadPrefixes(ReadOnlySpan<char> word, ref ContextWords.Context context, ref bool telling)
    {
        for (var length = Math.Min(word.Length - 1, 20); length >= 2; length--)
        {
            if (Take(word[..length], ref context, ref telling))
            {
                return;
            }
        }

        telling = true;
    }

    private static bool Take(ReadOnlySpan<char> word, ref ContextWords.Context context, ref bool telling)
    {
        var said = ContextWords.Of(word);
        if (said == default)
        {
            return false;
        }

        context.Types |= said.Types;
        context.IsNumber |= said.IsNumber;
        context.IsOwned |= said.IsOwned;
        if (!telling)
        {
            context.Denies |= said.Denies && said.Types == 0;
            context.IsVersion |= said.IsVersion;
            context.IsServer |= said.IsServer;
        }

        telling |= !said.Fills;
        return true;
    }
}
