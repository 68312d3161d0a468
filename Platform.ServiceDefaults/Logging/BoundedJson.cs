using System.Buffers;
using System.Text.Json;
using Platform.Redaction;

namespace Platform.ServiceDefaults.Logging;

/// <summary>A JSON object that never grows past a number of bytes: what does not fit is cut or left out, and the object says so.</summary>
internal sealed class BoundedJson(Utf8JsonWriter writer)
{
    // A UTF-16 unit takes six bytes at most: as \uXXXX.
    private const int BytesPerChar = 6;

    private static readonly JsonEncodedText TruncatedName = JsonEncodedText.Encode("truncated");

    // A value that the cut goes through is still known as one.
    private const int BehindCut = 320;

    private readonly ArrayBufferWriter<char> _safe = new(256);
    private bool _truncated;

    public Utf8JsonWriter Writer => writer;

    /// <summary>The number of bytes that may be in use after the next value.</summary>
    public int Limit { get; set; }

    private int Left => Limit - (int)writer.BytesCommitted - writer.BytesPending;

    /// <summary>What texts are redacted with.</summary>
    public Redactor Redactor { get; set; } = Redactor.Default;

    public void Start(int limit)
    {
        writer.Reset();
        Limit = limit;
        _truncated = false;
        writer.WriteStartObject();
    }

    public void End()
    {
        if (_truncated)
        {
            writer.WriteBoolean(TruncatedName, true);
        }

        writer.WriteEndObject();
        writer.Flush();
    }

    /// <summary>Writes a text under a name, redacted, cut to <paramref name="maxChars"/> and to the room that is left.</summary>
    public void WriteText(JsonEncodedText name, ReadOnlySpan<char> text, int maxChars)
    {
        if (Fits(name.EncodedUtf8Bytes.Length, 0))
        {
            writer.WriteString(name, Safe(text, maxChars, name.EncodedUtf8Bytes.Length));
        }
    }

    /// <summary>Writes a text that was searched before and found clean.</summary>
    public void WriteClean(JsonEncodedText name, ReadOnlySpan<char> text, int maxChars)
    {
        if (Fits(name.EncodedUtf8Bytes.Length, 0))
        {
            writer.WriteString(name, Cut(text, maxChars, name.EncodedUtf8Bytes.Length));
        }
    }

    /// <summary>Whether a value of so many characters fits under a name of so many bytes; if not, the object is marked as cut.</summary>
    public bool Fits(int nameBytes, int chars)
    {
        // Comma, colon, and the quotes of both.
        if (Left >= nameBytes + (chars * BytesPerChar) + 6)
        {
            return true;
        }

        _truncated = true;
        return false;
    }

    /// <summary>A text without personal data and secrets, cut. Good until the next call.</summary>
    public ReadOnlySpan<char> Safe(ReadOnlySpan<char> text, int maxChars, int nameBytes, ReadOnlySpan<char> field = default)
    {
        var searched = text.Length > maxChars + BehindCut ? text[..(maxChars + BehindCut)] : text;
        _safe.ResetWrittenCount();
        if (!Redactor.TryRedact(searched, _safe, field))
        {
            return Cut(text, maxChars, nameBytes);
        }

        _truncated |= searched.Length < text.Length;
        return Cut(_safe.WrittenSpan, maxChars, nameBytes);
    }

    public ReadOnlySpan<char> Cut(ReadOnlySpan<char> text, int maxChars, int nameBytes)
    {
        var room = Math.Min(maxChars, Math.Max(0, (Left - nameBytes - 6) / BytesPerChar));
        if (text.Length <= room)
        {
            return text;
        }

        _truncated = true;

        // Half of a surrogate pair is no character.
        return text[..(room > 0 && char.IsHighSurrogate(text[room - 1]) ? room - 1 : room)];
    }

    public void MarkTruncated() => _truncated = true;
}
