using System.Buffers;
using Platform.Redaction.Detection;
using Platform.Redaction.Masking;

namespace Platform.Redaction;

/// <summary>Takes personal data and secrets out of text. Thread safe; a text without any costs no allocation.</summary>
/// <remarks>
/// What is returned holds nothing more to redact: redacting it again changes nothing. A text is taken line by line (a private key
/// as a whole), so that it comes out the same whether it is given at once or in pieces.
/// </remarks>
public sealed class Redactor
{
    // After these rounds, in which masks could with what stands around them look like values, what is left is starred out.
    private const int MaskingRounds = 3;

    /// <summary>For telemetry as it is without configuration: everything masked, secrets erased. For places that no configuration reaches.</summary>
    public static Redactor Default { get; } = new(new PiiDetector(), RedactionPolicy.For(RedactionAudience.Telemetry));

    private readonly PiiDetector _detector;
    private readonly RedactionPolicy _policy;
    private readonly IRedactionKeys? _keys;

    /// <summary>Makes a redactor.</summary>
    /// <param name="detector">What finds.</param>
    /// <param name="policy">What becomes of what is found.</param>
    /// <param name="keys">The key of <see cref="RedactionAction.Hash"/>; not needed where no type is hashed.</param>
    /// <exception cref="ArgumentException">A type is to be hashed and there is no key.</exception>
    public Redactor(PiiDetector detector, RedactionPolicy policy, IRedactionKeys? keys = null)
    {
        ArgumentNullException.ThrowIfNull(detector);
        ArgumentNullException.ThrowIfNull(policy);
        if (policy.UsesHash && keys is null)
        {
            throw new ArgumentException("A policy that hashes needs a key.", nameof(keys));
        }

        (_detector, _policy, _keys) = (detector, policy, keys);
    }

    /// <summary>Whether a text holds what redaction put there, so that it must not be taken for a value that somebody sends back.</summary>
    public static bool IsRedacted(ReadOnlySpan<char> text) =>
        text.Contains("***", StringComparison.Ordinal) || text.Contains(Mask.Erased, StringComparison.Ordinal) || text.Contains(KeyedToken.Opening, StringComparison.Ordinal);

    /// <summary>Redacts a text.</summary>
    /// <param name="text">Any text, also with lone surrogates.</param>
    /// <param name="field">The name of the field that the text is the value of, if it is one: it counts like words before the text.</param>
    /// <returns>The redacted text; <paramref name="text"/> itself where there is nothing to redact.</returns>
    public string Redact(string text, string? field = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (IsClean(text, field))
        {
            return text;
        }

        using var output = new PooledChars();
        return RedactTo(text, field, output) ? output.Written.ToString() : text;
    }

    /// <summary>Redacts a text, if there is something to redact.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="output">Gets the redacted text; nothing where there is nothing to redact.</param>
    /// <param name="field">The name of the field that the text is the value of, if it is one.</param>
    /// <returns>Whether the text was changed and written.</returns>
    public bool TryRedact(ReadOnlySpan<char> text, IBufferWriter<char> output, ReadOnlySpan<char> field = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (IsClean(text, field))
        {
            return false;
        }

        using var redacted = new PooledChars();
        if (!RedactTo(text, field, redacted))
        {
            return false;
        }

        output.Write(redacted.Written);
        return true;
    }

    /// <summary>Redacts UTF-8, if there is something to redact. Bytes that are no UTF-8 stay as they are.</summary>
    /// <param name="text">Any bytes.</param>
    /// <param name="output">Gets the redacted text; nothing where there is nothing to redact.</param>
    /// <param name="field">The name of the field that the text is the value of, if it is one.</param>
    /// <returns>Whether the text was changed and written.</returns>
    public bool TryRedact(ReadOnlySpan<byte> text, IBufferWriter<byte> output, ReadOnlySpan<char> field = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        var decoded = DecodedText.Rent();
        try
        {
            Utf8Text.Decode(text, decoded);
            if (IsClean(decoded.Written, field))
            {
                return false;
            }

            using var redacted = new PooledChars();
            if (!RedactTo(decoded.Written, field, redacted))
            {
                return false;
            }

            Utf8Text.Encode(redacted.Written, output);
            return true;
        }
        finally
        {
            DecodedText.Return(decoded);
        }
    }

    /// <summary>Redacts a value whose type is known, as the policy has it for that type.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="value">The value, in whatever form it is kept.</param>
    public string RedactValue(PiiType type, ReadOnlySpan<char> value)
    {
        if (_policy.ActionFor(type) == RedactionAction.Keep || value.IsEmpty)
        {
            return value.ToString();
        }

        using var output = new PooledChars();
        Replace(type, value, output);
        return output.Written.ToString();
    }

    private bool IsClean(ReadOnlySpan<char> text, ReadOnlySpan<char> field)
    {
        while (!text.IsEmpty)
        {
            var length = Segments.Next(text, isLast: true);
            if (_detector.Contains(text[..length].TrimEnd("\r\n"), field))
            {
                return false;
            }

            text = text[length..];
        }

        return true;
    }

    private bool RedactTo(ReadOnlySpan<char> text, ReadOnlySpan<char> field, PooledChars output)
    {
        var changed = false;
        while (!text.IsEmpty)
        {
            var length = Segments.Next(text, isLast: true);
            changed |= RedactSegment(text[..length], field, output);
            text = text[length..];
        }

        return changed;
    }

    private bool RedactSegment(ReadOnlySpan<char> segment, ReadOnlySpan<char> field, PooledChars output)
    {
        // The line feed and carriage return are no part of the value that a line is.
        var line = segment.TrimEnd("\r\n");
        var isChanged = RedactLine(line, field, output);
        output.Append(segment[line.Length..]);
        return isChanged;
    }

    private bool RedactLine(ReadOnlySpan<char> line, ReadOnlySpan<char> field, PooledChars output)
    {
        var start = output.Length;
        if (!Pass(line, field, output, isStarring: false))
        {
            output.Append(line);
            return false;
        }

        using var previous = new PooledChars();
        for (var round = 1; ; round++)
        {
            previous.Clear();
            previous.Append(output.Written[start..]);
            output.Rewind(start);
            if (!Pass(previous.Written, field, output, isStarring: round >= MaskingRounds))
            {
                output.Append(previous.Written);
                return true;
            }
        }
    }

    // Whether there was something to redact; nothing is written where there was not.
    private bool Pass(ReadOnlySpan<char> line, ReadOnlySpan<char> field, PooledChars output, bool isStarring)
    {
        var scan = _detector.Scan(line, field, new MatchList(stackalloc PiiMatch[MatchList.OnStack]));
        try
        {
            var matches = Overlaps.Resolve(scan.Matches.Items, _policy);
            if (matches.IsEmpty)
            {
                return false;
            }

            var position = 0;
            foreach (var match in matches)
            {
                output.Append(line[position..match.Start]);
                if (isStarring)
                {
                    output.Append('*', Math.Max(3, match.Length));
                }
                else
                {
                    Replace(match.Type, match.ValueIn(line), output, match.Confidence < 0);
                }

                position = match.End;
            }

            output.Append(line[position..]);
            return true;
        }
        finally
        {
            scan.Matches.Dispose();
        }
    }

    private void Replace(PiiType type, ReadOnlySpan<char> value, PooledChars output, bool isUnion = false)
    {
        switch (_policy.ActionFor(type))
        {
            case RedactionAction.Hash:
                KeyedToken.Write(type, value, _keys!.Current.Span, output);
                break;
            case RedactionAction.Mask when !isUnion:
                Mask.Write(type, value, output);
                break;
            default:
                output.Append(Mask.Erased);
                break;
        }
    }
}
