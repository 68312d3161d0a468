using System.Text;
using System.Text.RegularExpressions;

namespace Platform.FeatureFlags;

/// <summary>
/// Reads a regular expression in RE2's syntax (github.com/google/re2/wiki/Syntax), which Unleash prescribes, into .NET's engine without
/// backtracking. Where the two read the same text differently, RE2's reading is taken: classes are ASCII, <c>$</c> is the very end.
/// </summary>
/// <remarks>Look-around, back references and atomic groups are refused, as RE2 does. So are repetitions that unfold beyond a limit.</remarks>
internal ref struct Re2Pattern
{
    private readonly ReadOnlySpan<char> _text;
    private readonly StringBuilder _output = new();
    private readonly Stack<long> _sizes = new();
    private int _at;
    private long _size;
    private long _atom;

    private Re2Pattern(string text) => _text = text;

    /// <summary>The expression, or null where it is not one.</summary>
    public static Regex? Compile(string? text, bool ignoreCase)
    {
        if (text is null || text.Length > FlagLimits.RegexLength)
        {
            return null;
        }

        try
        {
            var options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
            return new Re2Pattern(text).Translate() is { } pattern ? new Regex(pattern, options) : null;
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private string? Translate()
    {
        var multiline = AsksForLines(_text);
        while (_at < _text.Length)
        {
            var c = _text[_at];
            var read = c switch
            {
                '\\' => Escape(inClass: false),
                '[' => Class(),
                '(' => Open(),
                ')' => Close(),
                '{' => Repeat(),
                '$' => Write(multiline ? "$" : @"\z", 1),
                '|' or '*' or '+' or '?' => Write(c.ToString(), 1, atom: 0),
                _ => Write(c.ToString(), 1),
            };
            if (!read || _size + _atom > FlagLimits.RegexRepetitions * 10L)
            {
                return null;
            }
        }

        return _output.ToString();
    }

    /// <summary>Whether a group of flags, as <c>(?im)</c>, has the one that makes <c>$</c> the end of a line.</summary>
    private static bool AsksForLines(ReadOnlySpan<char> text)
    {
        for (var at = text.IndexOf("(?"); at >= 0; at = text.IndexOf("(?"))
        {
            text = text[(at + 2)..];
            var end = text.IndexOfAnyExcept("imsU");
            if (end > 0 && text[..end].Contains('m') && text[end] is ')' or ':' or '-')
            {
                return true;
            }
        }

        return false;
    }

    private bool Write(string text, int consumed, long atom = 1)
    {
        _output.Append(text);
        _at += consumed;
        if (atom > 0)
        {
            _size += _atom;
            _atom = atom;
        }

        return true;
    }

    private bool Escape(bool inClass)
    {
        if (_at + 1 >= _text.Length)
        {
            return false;
        }

        var c = _text[_at + 1];
        if (c == 'Q')
        {
            var rest = _text[(_at + 2)..];
            var end = rest.IndexOf(@"\E", StringComparison.Ordinal);
            var literal = end < 0 ? rest : rest[..end];
            return Write(Regex.Escape(literal.ToString()), 2 + literal.Length + (end < 0 ? 0 : 2), Math.Max(1, literal.Length));
        }

        // \a, \f, \n and the like, and punctuation, are read alike. A digit would be a back reference, but \0 begins an octal number.
        string? text = c switch
        {
            'd' => inClass ? "0-9" : "[0-9]",
            'w' => inClass ? "0-9A-Za-z_" : "[0-9A-Za-z_]",
            's' => inClass ? @"\t\n\f\r " : @"[\t\n\f\r ]",
            'D' => inClass ? @"\x00-/:-\uffff" : "[^0-9]",
            'W' => inClass ? @"\x00-/:-@\[-\^`{-\uffff" : "[^0-9A-Za-z_]",
            'S' => inClass ? @"\x00-\x08\x0b\x0e-\x1f!-\uffff" : @"[^\t\n\f\r ]",
            'C' or 'Z' or 'G' or 'k' or (>= '1' and <= '9') => null,
            'p' or 'P' when _at + 2 < _text.Length && _text[_at + 2] != '{' => $@"\{c}{{{_text[_at + 2]}}}",
            _ => $@"\{c}",
        };
        return text is not null && Write(text, c is 'p' or 'P' && text.Length == 5 ? 3 : 2);
    }

    private bool Class()
    {
        _size += _atom;
        _atom = 1;
        _at++;
        _output.Append('[');
        if (_at < _text.Length && _text[_at] == '^')
        {
            _output.Append('^');
            _at++;
        }

        var first = _at;
        while (_at < _text.Length)
        {
            var c = _text[_at];
            if (c == ']' && _at > first)
            {
                _output.Append(']');
                _at++;
                return true;
            }

            if (c == '[' && Posix() is { } posix)
            {
                _output.Append(posix);
            }
            else if (c == '\\')
            {
                var (size, atom) = (_size, _atom);
                if (!Escape(inClass: true))
                {
                    return false;
                }

                (_size, _atom) = (size, atom);
            }
            else
            {
                // .NET subtracts classes with a bracket inside; RE2 does not know that.
                _output.Append(c is '[' or ']' ? $@"\{c}" : c.ToString());
                _at++;
            }
        }

        return false;
    }

    private string? Posix()
    {
        var rest = _text[_at..];
        var end = rest.IndexOf(":]", StringComparison.Ordinal);
        if (!rest.StartsWith("[:") || end < 0)
        {
            return null;
        }

        string? characters = rest[2..end] switch
        {
            "alnum" => "0-9A-Za-z",
            "alpha" => "A-Za-z",
            "ascii" => @"\x00-\x7f",
            "blank" => @"\t ",
            "cntrl" => @"\x00-\x1f\x7f",
            "digit" => "0-9",
            "graph" => "!-~",
            "lower" => "a-z",
            "print" => " -~",
            "punct" => @"!-/:-@\[-`{-~",
            "space" => @"\t\n\v\f\r ",
            "upper" => "A-Z",
            "word" => "0-9A-Za-z_",
            "xdigit" => "0-9A-Fa-f",
            _ => null,
        };
        if (characters is not null)
        {
            _at += end + 2;
        }

        return characters;
    }

    private bool Open()
    {
        _sizes.Push(_size + _atom);
        _size = 0;
        _atom = 0;
        var rest = _text[_at..];
        if (rest.StartsWith("(?P<"))
        {
            return Write("(?<", 4, atom: 0);
        }

        // Groups that RE2 knows: named, uncaptured, with flags. The others look around or hold on to what they matched.
        if (rest.StartsWith("(?") && !(rest.Length > 2 && (rest[2] is ':' or 'i' or 's' or 'm' or '-' || (rest.StartsWith("(?<") && rest.Length > 3 && rest[3] is not ('=' or '!')))))
        {
            return false;
        }

        var length = 1;
        if (rest.StartsWith("(?"))
        {
            length = rest.IndexOfAny(":)>") + 1;
            if (length == 0)
            {
                return false;
            }

            if (rest[length - 1] == ')')
            {
                _size = _sizes.Pop();
            }
        }

        return Write(rest[..length].ToString(), length, atom: 0);
    }

    private bool Close()
    {
        if (_sizes.Count == 0)
        {
            return false;
        }

        var inner = Math.Max(1, _size + _atom);
        _size = _sizes.Pop();
        _atom = 0;
        return Write(")", 1, inner);
    }

    private bool Repeat()
    {
        var rest = _text[_at..];
        var end = rest.IndexOf('}');
        var bounds = end < 0 ? [] : rest[1..end];
        var comma = bounds.IndexOf(',');
        var low = comma < 0 ? bounds : bounds[..comma];
        var high = comma < 0 ? low : bounds[(comma + 1)..];
        if (!int.TryParse(low, System.Globalization.NumberStyles.None, null, out var least)
            || (!high.IsEmpty && !int.TryParse(high, System.Globalization.NumberStyles.None, null, out _)))
        {
            // A brace that repeats nothing stands for itself.
            return Write(@"\{", 1);
        }

        var most = high.IsEmpty ? least : int.Parse(high, System.Globalization.NumberStyles.None, null);
        _atom *= Math.Max(1, Math.Max(least, most));
        return Math.Max(least, most) <= FlagLimits.RegexRepetitions && Write(rest[..(end + 1)].ToString(), end + 1, atom: 0);
    }
}
