using System.Globalization;
using System.Text;

namespace Platform.Redaction;

/// <summary>JSON strings (RFC 8259, section 7) that may hold lone surrogates, which System.Text.Json refuses.</summary>
internal static class JsonText
{
    /// <summary>The text of a JSON string with its quotes, or null where it is none.</summary>
    public static string? Unquote(ReadOnlySpan<char> json)
    {
        json = json.Trim(" \t\r\n");
        if (json.Length < 2 || json[0] != '"' || json[^1] != '"')
        {
            return null;
        }

        json = json[1..^1];
        var text = new StringBuilder(json.Length);
        for (var i = 0; i < json.Length; i++)
        {
            var c = json[i];
            if (c is '"' or < ' ')
            {
                return null;
            }

            if (c != '\\')
            {
                text.Append(c);
                continue;
            }

            if (++i == json.Length || !TryUnescape(json[i..], out var escaped, out var more))
            {
                return null;
            }

            text.Append(escaped);
            i += more;
        }

        return text.ToString();
    }

    /// <summary>The text as a JSON string with its quotes.</summary>
    public static string Quote(string text)
    {
        var json = new StringBuilder(text.Length + 2).Append('"');
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is '"' or '\\')
            {
                json.Append('\\').Append(c);
            }
            else if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                json.Append(c).Append(text[++i]);
            }
            else if (c < ' ' || char.IsSurrogate(c))
            {
                json.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            }
            else
            {
                json.Append(c);
            }
        }

        return json.Append('"').ToString();
    }

    private static bool TryUnescape(ReadOnlySpan<char> escape, out char c, out int more)
    {
        more = 0;
        c = escape[0] switch
        {
            '"' or '\\' or '/' => escape[0],
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            _ => '\0',
        };
        if (c != '\0')
        {
            return true;
        }

        if (escape[0] != 'u' || escape.Length < 5 || !ushort.TryParse(escape[1..5], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            return false;
        }

        (c, more) = ((char)code, 4);
        return true;
    }
}
