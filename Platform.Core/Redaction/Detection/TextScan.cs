using System.Buffers;
using System.Runtime.CompilerServices;

namespace Platform.Redaction.Detection;

/// <summary>
/// One walk over a text. Vectorised search leads from one digit, at sign or colon to the next; each is taken with the whole word
/// it stands in, and the length of the word with the places of its letters (or the lengths of its groups of digits) says which
/// few types it can be. A second vectorised search finds the words that announce secrets, names and births.
/// </summary>
/// <remarks>
/// Linear in the length of the text: no word is taken twice, and whatever looks around a place looks a bounded way. Letters are
/// those of ASCII; another script's letter ends a word, since several are written without spaces.
/// </remarks>
internal ref partial struct TextScan
{
    // Weak matches are kept only for texts short enough to be a value by themselves.
    private const int LongestValue = 160;

    private static readonly SearchValues<char> Triggers = SearchValues.Create("0123456789@:=");

    private readonly ReadOnlySpan<char> _text;
    private readonly double _minimum;
    private readonly bool _keepsWeak;
    private readonly ReadOnlySpan<char> _field;
    private readonly UInt128 _fieldTypes;
    private UInt128 _seen;
    private int _seenEnd;
    private int _floor;

    // What the words around the value said that was asked for last.
    private int _contextStart;
    private int _contextEnd;
    private ContextWords.Context _before;
    private ContextWords.Context _context;

    /// <summary>Prepares a walk.</summary>
    /// <param name="text">What to search.</param>
    /// <param name="minimum">The least confidence of a match that has text around it.</param>
    /// <param name="bareValues">Whether a text that is nothing but a value is matched by its format alone.</param>
    /// <param name="field">The name of the field that the text is the value of; read like words before it.</param>
    /// <param name="matches">Where matches go.</param>
    public TextScan(ReadOnlySpan<char> text, double minimum, bool bareValues, ReadOnlySpan<char> field, MatchList matches)
    {
        _text = text;
        _minimum = minimum;
        _keepsWeak = bareValues && text.Length <= LongestValue;
        Matches = matches;
        if (!field.IsEmpty)
        {
            _field = field;
            var context = default(ContextWords.Context);
            ReadField(field, ref context);
            _fieldTypes = context.Types;
        }
    }

    /// <summary>What was found.</summary>
    public MatchList Matches;

    /// <summary>Walks.</summary>
    public void Run()
    {
        if (!_field.IsEmpty)
        {
            FieldValue();
        }

        Keywords();
        Walk();
        if (_keepsWeak)
        {
            LetterMacs();
        }

        if (Matches.Count > 0)
        {
            Settle();
        }
    }

    private void Walk()
    {
        var text = _text;
        var position = 0;
        while (position < text.Length)
        {
            var step = text[position..].IndexOfAny(Triggers);
            if (step < 0)
            {
                return;
            }

            position += step;
            switch (text[position])
            {
                case '@':
                    position = AtSign(position, 1);
                    break;
                case ':':
                    Field(position);
                    position = Colon(position);
                    break;
                case '=':
                    Field(position++);
                    break;
                default:
                    position = Word(position);
                    break;
            }
        }
    }

    private int Word(int digit)
    {
        var text = _text;
        var start = digit;
        while (start > _floor && CharClass.IsLetter(text[start - 1]))
        {
            start--;
        }

        var length = text[digit..].IndexOfAnyExcept(CharSets.Alphanumeric);
        var end = length < 0 ? text.Length : digit + length;
        var next = end - start > LongestCode ? LongWord(start, end) : ShortWord(start, end);
        _floor = next;
        return next;
    }

    private int ShortWord(int start, int end)
    {
        var letters = 0u;
        var classes = (byte)0;
        var bit = 1u;
        foreach (var c in _text[start..end])
        {
            var @class = CharClass.Of(c);
            classes |= @class;
            if (@class != CharClass.Digit)
            {
                letters |= bit;

                // What is not a hexadecimal letter is kept apart, so that hashes are known by what they lack.
                classes |= (@class & CharClass.HexLetter) == 0 ? NotHex : (byte)0;
            }

            bit <<= 1;
        }

        return letters == 0 ? Digits(start, end) : Mixed(start, end, letters, classes);
    }

    private int LongWord(int start, int end)
    {
        var word = _text[start..end];
        var letters = 0u;
        for (var i = 0; i < 4; i++)
        {
            letters |= CharClass.IsDigit(word[i]) ? 0 : 1u << i;
        }

        if (letters == 0 && !word.ContainsAnyExcept(CharSets.Digits))
        {
            return Digits(start, end);
        }

        var classes = word.ContainsAnyExcept(CharSets.Hexadecimal) ? NotHex : (byte)0;
        classes |= word.ContainsAny(CharSets.Lower) ? CharClass.Lower : (byte)0;
        classes |= word.ContainsAny(CharSets.Upper) ? CharClass.Upper : (byte)0;
        return Mixed(start, end, letters, classes);
    }

    private const byte NotHex = 128;

    private void Add(PiiType type, int start, int end, double sureness, bool isFirm = false)
    {
        if (sureness <= 0)
        {
            return;
        }

        var bit = ContextWords.Bit(type);
        if (!isFirm)
        {
            var context = ContextAt(start, end);
            if ((context.Types & bit) != 0 || (type == PiiType.Phone && context.IsSomeonesNumber))
            {
                sureness += Sureness.ContextGain;
            }
            else if (context.Denies)
            {
                sureness -= Sureness.DenialLoss;
            }
            else if (HasCompany(bit, start))
            {
                sureness += Sureness.CompanyGain;
            }
        }

        if (sureness >= _minimum)
        {
            _seen |= bit;
            _seenEnd = end;
        }
        else if (!_keepsWeak || sureness <= 0)
        {
            return;
        }

        Matches.Add(new(type, start, end, Math.Min(1, Math.Round(sureness, 2))));
    }

    // Whether the line has shown another value of the type. A line is a text by itself, so that a stream can be taken line by line.
    private bool HasCompany(UInt128 bit, int start)
    {
        if (_seen != 0 && _seenEnd <= start && _text[_seenEnd..start].Contains('\n'))
        {
            _seen = 0;
        }

        return (_seen & bit) != 0;
    }

    // Sorts, drops repetitions, and drops the weak unless the text is nothing but them.
    private void Settle()
    {
        var isBare = _keepsWeak && IsBare();
        var items = Matches.Items;
        var kept = 0;
        foreach (var match in items)
        {
            if (match.Confidence >= _minimum || isBare)
            {
                items[kept++] = match;
            }
        }

        items[..kept].Sort(static (a, b) =>
            a.Start != b.Start ? a.Start.CompareTo(b.Start)
            : a.Confidence != b.Confidence ? b.Confidence.CompareTo(a.Confidence)
            : a.End != b.End ? b.End.CompareTo(a.End)
            : a.Type.CompareTo(b.Type));
        var unique = 0;
        for (var i = 0; i < kept; i++)
        {
            if (!IsRepetition(items[..unique], items[i]))
            {
                items[unique++] = items[i];
            }
        }

        Matches.Truncate(unique);
    }

    private static bool IsRepetition(ReadOnlySpan<PiiMatch> before, PiiMatch match)
    {
        for (var i = before.Length - 1; i >= 0 && before[i].Start == match.Start; i--)
        {
            if (before[i].Type == match.Type)
            {
                return true;
            }
        }

        return false;
    }

    // Whether everything but the matches is punctuation and words that join: the text is a value, or a few.
    private readonly bool IsBare()
    {
        var position = 0;
        var numbers = 0;
        while (position < _text.Length)
        {
            if (!char.IsLetterOrDigit(_text[position]))
            {
                position++;
                continue;
            }

            var covered = CoveredUntil(position);
            if (covered > position)
            {
                position = covered;
                continue;
            }

            var end = position;
            while (end < _text.Length && char.IsLetterOrDigit(_text[end]))
            {
                end++;
            }

            var word = _text[position..end];
            if (!IsJoining(word) && (word.ContainsAnyExcept(CharSets.Digits) || ++numbers > 1))
            {
                return false;
            }

            position = end;
        }

        return true;
    }

    private readonly int CoveredUntil(int position)
    {
        var until = position;
        foreach (var match in Matches.Items)
        {
            if (match.Start <= position && match.End > until)
            {
                until = match.End;
            }
        }

        return until;
    }

    private static bool IsJoining(ReadOnlySpan<char> word) => word is "and" or "or" or "und" or "et" or "y" or "e" or "to" or "eller" or "ve";

    private readonly char At(int index) => (uint)index < (uint)_text.Length ? _text[index] : '\0';

    // Whether a value may begin here: it is not the later part of a longer word, number or masked value.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly bool IsLeftEdge(int start)
    {
        var before = At(start - 1);
        return !(CharClass.IsAlphanumeric(before) || before is '_' or '*')
            && !(before is '-' or '.' && (CharClass.IsAlphanumeric(At(start - 2)) || At(start - 2) == '*'));
    }

    // Whether a value may end here.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly bool IsRightEdge(int end)
    {
        var after = At(end);
        return !(CharClass.IsAlphanumeric(after) || after is '_' or '*')
            && !(after is '-' or '.' && (CharClass.IsAlphanumeric(At(end + 1)) || At(end + 1) == '*'));
    }

    private readonly void ReadDigits(int start, int end, Span<byte> digits, out int count)
    {
        count = 0;
        for (var i = start; i < end && count < digits.Length; i++)
        {
            if (CharClass.IsDigit(_text[i]))
            {
                digits[count++] = (byte)(_text[i] - '0');
            }
        }
    }
}
