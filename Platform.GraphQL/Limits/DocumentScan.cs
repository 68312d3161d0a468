using System.Buffers;
using Platform.Errors;
using Platform.GraphQL.Transport;

namespace Platform.GraphQL.Limits;

/// <summary>
/// Reads a document's text once, token by token (GraphQL specification, section 2.1), and stops at the first limit that is passed: nothing is built, so a
/// document that is refused costs no more than the characters up to that place.
/// </summary>
/// <remarks>It takes what is no token for one of a character: to say what is wrong with a document is the parser's part.</remarks>
internal ref struct DocumentScan
{
    // Inline fragments and arguments add brackets of their own to those of the fields.
    private const int BracketsPerLevel = 4;

    private static readonly SearchValues<char> NameOrNumber =
        SearchValues.Create("_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.+-");

    private static readonly SearchValues<char> LineEnds = SearchValues.Create("\r\n");
    private static readonly SearchValues<char> StringStops = SearchValues.Create("\"\\\r\n");

    private readonly ReadOnlySpan<char> _text;
    private readonly GraphQLOptions _limits;
    private int _at;
    private int _tokens;
    private int _open;
    private int _directives;

    private DocumentScan(ReadOnlySpan<char> text, GraphQLOptions limits)
    {
        _text = text;
        _limits = limits;
    }

    /// <summary>Tells why a text is refused, or null when it may be parsed.</summary>
    public static Refusal? Check(string text, GraphQLOptions limits)
    {
        if (text.Length > limits.MaxDocumentLength)
        {
            return TooComplex($"A document has at most {limits.MaxDocumentLength} characters.");
        }

        return HasLongLine(text, limits.MaxLineLength)
            ? TooComplex($"A line of a document has at most {limits.MaxLineLength} characters.")
            : new DocumentScan(text, limits).Run();
    }

    private Refusal? Run()
    {
        while (_at < _text.Length)
        {
            var c = _text[_at];
            if (c is ' ' or '\t' or '\r' or '\n' or ',' or '\uFEFF')
            {
                _at++;
                continue;
            }

            if (++_tokens > _limits.MaxTokens)
            {
                return TooComplex($"A document has at most {_limits.MaxTokens} tokens.");
            }

            switch (c)
            {
                case '{' or '[' or '(' when ++_open > BracketsPerLevel * _limits.MaxDepth:
                    return Refusal.Document(ErrorCode.QueryDepthExceeded, "The document nests too deep to be read.");
                case '}' or ']' or ')':
                    _open--;
                    _at++;
                    break;
                case '@' when ++_directives > _limits.MaxDirectives:
                    return TooComplex($"A document has at most {_limits.MaxDirectives} directives.");
                case '#':
                    Skip(IndexOrEnd(_text[_at..].IndexOfAny(LineEnds)));
                    break;
                case '"':
                    SkipString();
                    break;
                default:
                    Skip(Math.Max(1, IndexOrEnd(_text[_at..].IndexOfAnyExcept(NameOrNumber))));
                    break;
            }
        }

        return null;
    }

    private static Refusal TooComplex(string message) => Refusal.Document(ErrorCode.ComplexityLimitExceeded, message);

    private static bool HasLongLine(ReadOnlySpan<char> text, int limit)
    {
        while (text.Length > limit)
        {
            var end = text[..(limit + 1)].LastIndexOfAny(LineEnds);
            if (end < 0)
            {
                return true;
            }

            text = text[(end + 1)..];
        }

        return false;
    }

    private readonly int IndexOrEnd(int index) => index < 0 ? _text.Length - _at : index;

    private void Skip(int count) => _at += count;

    private void SkipString()
    {
        const string Block = "\"\"\"";
        if (_text[_at..].StartsWith(Block))
        {
            Skip(Block.Length);
            while (_text[_at..].IndexOf(Block) is >= 0 and var end && end > 0 && _text[_at + end - 1] == '\\')
            {
                Skip(end + Block.Length);
            }

            Skip(_text[_at..].IndexOf(Block) is >= 0 and var last ? last + Block.Length : _text.Length - _at);
            return;
        }

        Skip(1);
        while (_text[_at..].IndexOfAny(StringStops) is >= 0 and var stop)
        {
            Skip(stop);
            if (_text[_at] != '\\')
            {
                // Behind the quotation mark; a string that the end of the line breaks off ends there.
                Skip(_text[_at] == '"' ? 1 : 0);
                return;
            }

            Skip(Math.Min(2, _text.Length - _at));
        }

        _at = _text.Length;
    }
}
