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
        // Start 0 with end 0 is no value, so the fields' defaults are no answer to any question.
        if (_contextStart != start || _contextEnd != end)
        {
            _context = ReadAround(start, end);
            (_contextStart, _contextEnd) = (start, end);
        }

        return _context;
    }

    private readonly ContextWords.Context ReadAround(int start, int end)
    {
        var context = new ContextWords.Context { Types = _fieldTypes };
        ReadBefore(start, ref context);

        // A word behind a value may be the next value's, so it only adds.
        var behind = default(ContextWords.Context);
        ReadBehind(end, ref behind);
        context.Types |= behind.Types;
        return context;
    }

    private readonly void ReadBefore(int start, ref ContextWords.Context context)
    {
        var least = Math.Max(0, start - CharsBefore);
        var position = start;
        var telling = false;
        for (var words = 0; words < WordsBefore; words++)
        {
            while (position > least && !IsWordChar(_text[position - 1]))
            {
                if (_text[position - 1] is '\n' or '\r')
                {
                    return;
                }

                position--;
            }

            var wordEnd = position;
            while (position > least && IsWordChar(_text[position - 1]))
            {
                position--;
            }

            if (position == wordEnd)
            {
                return;
            }

            ReadWord(_text[position..wordEnd], ref context, ref telling);
        }
    }

    private readonly void ReadBehind(int end, ref ContextWords.Context context)
    {
        var most = Math.Min(_text.Length, end + CharsBehind);
        var position = end;
        var telling = true;
        for (var words = 0; words < WordsBehind; words++)
        {
            while (position < most && !IsWordChar(_text[position]))
            {
                if (_text[position] is '\n' or '\r' or '{' or '[')
                {
                    return;
                }

                position++;
            }

            var wordStart = position;
            while (position < most && IsWordChar(_text[position]))
            {
                position++;
            }

            if (position == wordStart)
            {
                return;
            }

            ReadWord(_text[wordStart..position], ref context, ref telling);
        }
    }

    private static void ReadField(ReadOnlySpan<char> field, ref ContextWords.Context context)
    {
        var telling = false;
        var position = field.Length;
        while (position > 0)
        {
            while (position > 0 && !IsWordChar(field[position - 1]))
            {
                position--;
            }

            var end = position;
            while (position > 0 && IsWordChar(field[position - 1]))
            {
                position--;
            }

            ReadWord(field[position..end], ref context, ref telling);
        }
    }

    // The whole word, then its parts from the last on where it is written as customerPhone.
    private static void ReadWord(ReadOnlySpan<char> word, ref ContextWords.Context context, ref bool telling)
    {
        if (Take(word, ref context, ref telling))
        {
            return;
        }

        if (word[0] >= 128 || word[^1] >= 128)
        {
            ReadPrefixes(word, ref context, ref telling);
            return;
        }

        var end = word.Length;
        for (var i = word.Length - 1; i > 0; i--)
        {
            if (char.IsAsciiLetterUpper(word[i]) && char.IsAsciiLetterLower(word[i - 1]))
            {
                Take(word[i..end], ref context, ref telling);
                end = i;
            }
        }

        if (end < word.Length)
        {
            Take(word[..end], ref context, ref telling);
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
        if (!telling)
        {
            context.Denies |= said.Denies && said.Types == 0;
            context.IsVersion |= said.IsVersion;
            context.IsServer |= said.IsServer;
        }

        telling |= !said.Fills;
        return true;
    }

    private static bool IsWordChar(char c) =>
        CharClass.IsLetter(c) || (c >= 128 && !char.IsWhiteSpace(c) && !char.IsPunctuation(c) && !char.IsSurrogate(c) && !char.IsControl(c));
}
