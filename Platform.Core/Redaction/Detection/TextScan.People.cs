using static Platform.Redaction.Detection.Sureness;

namespace Platform.Redaction.Detection;

// Names and births, where the text says that it is one.
internal ref partial struct TextScan
{
    private const int LongestName = 80;
    private const int AddressReach = 160;

    private const string PersonKeys =
        " first last full given family middle maiden sur customer patient person contact employee cardholder holder recipient buyer " +
        "guest passenger accountholder customerfull customerfirst customerlast fore nick legal birth father mother spouse ";

    // A program, a part of one or a person: ClientName is also that of an HttpClient, memberName that of a method, driverName that of a library.
    private const string ManyKeys = " client member driver ";

    private static readonly string[] Months =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

    // firstName=..., "customer_name": "..."
    private void NameField(int at, int end)
    {
        var keyStart = at;
        while (keyStart > 0 && at - keyStart < 24 && (CharClass.IsLetter(_text[keyStart - 1]) || _text[keyStart - 1] is '_' or '-'))
        {
            keyStart--;
        }

        if (keyStart == at && At(at - 1) == ' ' && at >= 2)
        {
            keyStart = WordStart(at - 1, 12);
        }

        var key = NameKeyOf(_text[keyStart..at], out var length);
        var isPerson = key != NameKey.Other;

        // A name alone is that of a person where an address stands in the same object.
        if (!isPerson && !(length == 0 && IsNearAtSign(at)))
        {
            return;
        }

        var value = ValueStart(keyStart, end, out var quote, out _);
        if (value < 0)
        {
            return;
        }

        if (quote == '\0')
        {
            NameBehind(value, isPerson ? Strong - 0.05 : None, end, leastWords: key == NameKey.Many ? 2 : 1);
            return;
        }

        var valueEnd = ValueEnd(value, quote);
        if (IsName(_text[value..valueEnd]) && (key == NameKey.Person || IsOfTwoWords(_text[value..valueEnd])))
        {
            Add(PiiType.PersonName, value, valueEnd, isPerson ? Strong - 0.05 : Possible, isFirm: true);
        }
    }

    private enum NameKey
    {
        Other,
        Many,
        Person,
    }

    // What stands before "name": customer_, first
    private static NameKey NameKeyOf(ReadOnlySpan<char> before, out int length)
    {
        Span<char> key = stackalloc char[26];
        length = 0;
        foreach (var c in before)
        {
            if (CharClass.IsLetter(c) && length < key.Length - 2)
            {
                key[++length] = char.ToLowerInvariant(c);
            }
        }

        key[0] = key[length + 1] = ' ';
        var word = key[..(length + 2)];
        return length == 0 ? NameKey.Other
            : PersonKeys.AsSpan().Contains(word, StringComparison.Ordinal) ? NameKey.Person
            : ManyKeys.AsSpan().Contains(word, StringComparison.Ordinal) ? NameKey.Many
            : NameKey.Other;
    }

    // Jane Doe, jane doe; not payments
    private static bool IsOfTwoWords(ReadOnlySpan<char> value) => value.IndexOf(' ') is var space && space > 0 && value[(space + 1)..].ContainsAnyExcept(' ');

    // my name is Dan
    private int NameIs(int at)
    {
        var end = at + "name is ".Length;
        var before = WordStart(at - 1, 12);
        return At(at - 1) == ' ' && IsPossessive(_text[before..(at - 1)]) ? NameBehind(end, Likely, end) : end;
    }

    private readonly bool IsNearAtSign(int at)
    {
        var before = _text[Math.Max(0, at - AddressReach)..at];
        var behind = _text[at..Math.Min(_text.Length, at + AddressReach)];
        var line = behind.IndexOf('\n');
        return HasAddress(before[(before.LastIndexOf('\n') + 1)..]) || HasAddress(behind[..(line < 0 ? behind.Length : line)]);
    }

    private static bool HasAddress(ReadOnlySpan<char> text)
    {
        var sign = text.IndexOf('@');
        return sign > 0 && sign < text.Length - 1 && CharClass.IsAlphanumeric(text[sign - 1]) && CharClass.IsAlphanumeric(text[sign + 1]);
    }

    // Mr. Mayers
    private int Titled(int at)
    {
        var dot = at + _text[at..].IndexOf('.');
        return CharClass.IsAlphanumeric(At(at - 1)) || At(dot + 1) != ' ' ? dot + 1 : NameBehind(dot + 2, Likely, dot + 1);
    }

    // One to four capitalised words.
    private int NameBehind(int start, double sureness, int otherwise, int leastWords = 1)
    {
        var end = start;
        var position = start;
        var words = 0;
        for (; words < 4; words++)
        {
            if (!char.IsUpper(At(position)))
            {
                break;
            }

            var wordEnd = position + 1;
            while (wordEnd - start < LongestName && (char.IsLetter(At(wordEnd)) || (At(wordEnd) is '\'' or '-' or '’' && char.IsLetter(At(wordEnd + 1)))))
            {
                wordEnd++;
            }

            if (At(wordEnd) == '.' && _text[position..wordEnd] is "Mr" or "Mrs" or "Ms" or "Dr")
            {
                break;
            }

            if (CharClass.IsDigit(At(wordEnd)) || At(wordEnd) is '_' or '=' or '*')
            {
                break;
            }

            // An initial keeps its dot when a name follows.
            end = wordEnd;
            position = wordEnd + (wordEnd - position == 1 && At(wordEnd) == '.' ? 1 : 0);
            if (At(position) != ' ')
            {
                words++;
                break;
            }

            position++;
        }

        if (end - start < 2 || words < leastWords || sureness <= None)
        {
            return otherwise;
        }

        Add(PiiType.PersonName, start, end, sureness, isFirm: true);
        return end;
    }

    private static bool IsName(ReadOnlySpan<char> value)
    {
        if (value.Length is < 2 or > LongestName || !char.IsLetter(value[0]))
        {
            return false;
        }

        var word = 0;
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            if (char.IsLetter(c))
            {
                word++;
                continue;
            }

            // A dot ends an initial, a title or the name; within a word it is that of a type or a host.
            if (!(c is ' ' or '\'' or '-' or ',' or '’'
                || (c == '.' && (word <= 2 || i == value.Length - 1 || value[i + 1] is ' ' or ','))
                || char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.NonSpacingMark))
            {
                return false;
            }

            word = 0;
        }

        return true;
    }

    private static bool IsPossessive(ReadOnlySpan<char> word) =>
        word.Equals("my", StringComparison.OrdinalIgnoreCase) || word.Equals("his", StringComparison.OrdinalIgnoreCase)
        || word.Equals("her", StringComparison.OrdinalIgnoreCase) || word.Equals("their", StringComparison.OrdinalIgnoreCase)
        || word.Equals("whose", StringComparison.OrdinalIgnoreCase) || word.Equals("customer", StringComparison.OrdinalIgnoreCase);

    // A date, where the words around speak of a birth: where it ends, or -1.
    private int BirthDate(int start, int length)
    {
        if (!MayBeDate(start, length))
        {
            return -1;
        }

        var from = start;
        var end = DateEnd(start);
        if (end < 0 && length <= 2 && MonthBefore(start) is var month && month >= 0)
        {
            from = month;
            end = NamedMonthDateEnd(month);
        }

        if (end < 0 || CharClass.IsAlphanumeric(At(from - 1)) || !HasContext(PiiType.DateOfBirth, from, end))
        {
            return -1;
        }

        Add(PiiType.DateOfBirth, from, end, Strong, isFirm: true);
        return end;
    }

    // What follows the digits, before anything is calculated.
    private readonly bool MayBeDate(int start, int length)
    {
        var next = At(start + length);
        return length switch
        {
            <= 2 => next is '-' or '/' or '.' or ' ' or ',' or 's' or 'n' or 'r' or 't',
            4 => next is '-' or '/' or '.',
            8 => _text[start] is '1' or '2',
            _ => false,
        };
    }

    // Where the month's name before a day begins, or -1.
    private readonly int MonthBefore(int day)
    {
        if (day < 4 || _text[day - 1] is not (' ' or '-'))
        {
            return -1;
        }

        var end = day - 1 - (_text[day - 2] == '.' ? 1 : 0);
        var start = WordStart(end, 12);
        var at = start;
        return end - start >= 3 && MonthAt(ref at) > 0 && at == end ? start : -1;
    }

    // 1980-05-21, 21.05.1980, 5/21/80, 19800521, 21 May 1980
    private readonly int DateEnd(int start)
    {
        Span<int> parts = stackalloc int[3];
        Span<int> lengths = stackalloc int[3];
        var i = start;
        for (var part = 0; part < 3; part++)
        {
            var from = i;
            while (CharClass.IsDigit(At(i)) && i - from < 9)
            {
                parts[part] = (parts[part] * 10) + _text[i++] - '0';
            }

            lengths[part] = i - from;
            if (part == 0 && lengths[0] == 8)
            {
                return !CharClass.IsAlphanumeric(At(i)) && IsBirth(parts[0] / 10_000, parts[0] / 100 % 100, parts[0] % 100) ? i : -1;
            }

            if (lengths[part] == 0)
            {
                return -1;
            }

            if (part == 0 && lengths[0] <= 2 && NamedMonth(ref i) is var month && month > 0)
            {
                return YearEnd(i, month, parts[0]);
            }

            if (part < 2 && At(i++) is not ('-' or '/' or '.'))
            {
                return -1;
            }
        }

        if (CharClass.IsDigit(At(i)))
        {
            return -1;
        }

        if (lengths[0] == 4)
        {
            return IsBirth(parts[0], parts[1], parts[2]) ? i : -1;
        }

        var year = lengths[2] == 4 ? parts[2] : lengths[2] == 2 ? 1900 + parts[2] : 0;
        return IsBirth(year, parts[0], parts[1]) || IsBirth(year, parts[1], parts[0]) ? i : -1;
    }

    // May 21, 1980
    private readonly int NamedMonthDateEnd(int start)
    {
        var i = start;
        var month = MonthAt(ref i);
        if (month == 0 || At(i) is not (' ' or '-' or '.'))
        {
            return -1;
        }

        i += At(i) == '.' && At(i + 1) == ' ' ? 2 : 1;
        var day = 0;
        var from = i;
        while (CharClass.IsDigit(At(i)) && i - from < 2)
        {
            day = (day * 10) + _text[i++] - '0';
        }

        SkipOrdinal(ref i);
        return i == from ? -1 : YearEnd(i, month, day);
    }

    private readonly int YearEnd(int i, int month, int day)
    {
        i += At(i) is ',' or '.' ? 1 : 0;
        i += At(i) is ' ' or '-' or '/' ? 1 : 0;
        var year = 0;
        var from = i;
        while (CharClass.IsDigit(At(i)) && i - from < 4)
        {
            year = (year * 10) + _text[i++] - '0';
        }

        return i - from == 4 && IsBirth(year, month, day) ? i : -1;
    }

    private readonly int NamedMonth(ref int i)
    {
        var at = i;
        SkipOrdinal(ref at);
        at += At(at) is ' ' or '-' or '.' ? 1 : 0;
        at += At(at) == ' ' ? 1 : 0;
        var month = MonthAt(ref at);
        i = month > 0 ? at : i;
        return month;
    }

    private readonly void SkipOrdinal(ref int i)
    {
        if (i + 2 <= _text.Length && _text[i..(i + 2)] is "st" or "nd" or "rd" or "th")
        {
            i += 2;
        }
    }

    private readonly int MonthAt(ref int i)
    {
        for (var month = 0; month < 12; month++)
        {
            if (i < _text.Length && Begins(_text[i..], Months[month]))
            {
                i += 3;
                while (CharClass.IsLetter(At(i)))
                {
                    i++;
                }

                return month + 1;
            }
        }

        return 0;
    }

    private static bool IsBirth(int year, int month, int day) => year is >= 1880 and <= 2100 && Checksum.IsDate(year, month, day);
}
