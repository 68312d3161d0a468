using System.Buffers;
using System.Globalization;
using System.Text;

namespace Platform.Redaction;

/// <summary>A filter for people and scripts: lines in, redacted lines or the places of what was found out.</summary>
/// <remarks>
/// A line by itself is a text; a line that is nothing but a value is taken by its format
/// (<see cref="PiiDetectorOptions.BareValues"/>), in both modes alike.
/// </remarks>
public sealed class RedactionFilter
{
    /// <summary>Everything was read and written.</summary>
    public const int Done = 0;

    /// <summary>A line was not what the options say, or there is no such option.</summary>
    public const int UsageError = 2;

    private const string Usage = """
        redact [--detect] [--json] [--min-confidence N] [--audience telemetry|operator|subject|public]

        Copies standard input to standard output without personal data and secrets.
          --detect           write one JSON array of {"type","start","end","confidence"} a line instead; offsets in UTF-16 code units
          --json             each line is a JSON string; what is redacted is written as one
          --min-confidence   the least confidence within other text, from 0.05 to 1; 0.5 by default
          --audience         who is to read; telemetry by default

        """;

    private const int ReadBytes = 64 * 1024;

    private readonly PiiDetector _detector;
    private readonly Redactor _redactor;
    private readonly bool _detects;
    private readonly bool _isJson;

    private RedactionFilter(double minimum, RedactionAudience audience, bool detects, bool isJson, IRedactionKeys? keys)
    {
        _detector = new(new() { MinimumConfidence = minimum, BareValues = true });
        _redactor = new(_detector, RedactionPolicy.For(audience), keys);
        (_detects, _isJson) = (detects, isJson);
    }

    /// <summary>Runs the filter.</summary>
    /// <param name="arguments">The options, as on the command line.</param>
    /// <param name="input">UTF-8; bytes that are none are passed on.</param>
    /// <param name="output">UTF-8.</param>
    /// <param name="errors">For people.</param>
    /// <param name="cancellationToken">Ends it between two pieces.</param>
    /// <returns>The exit code: 0, or 2 when the options or a line of <c>--json</c> are not right.</returns>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments, Stream input, Stream output, TextWriter errors, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(errors);
        if (Parse(arguments) is not { } filter)
        {
            await errors.WriteAsync(Usage.AsMemory(), cancellationToken);
            return UsageError;
        }

        if (!filter._detects && !filter._isJson)
        {
            await using var redacting = new RedactingStream(filter._redactor, output, leaveOpen: true);
            await input.CopyToAsync(redacting, ReadBytes, cancellationToken);
            return Done;
        }

        return await filter.ByLineAsync(input, output, errors, cancellationToken);
    }

    private static RedactionFilter? Parse(IReadOnlyList<string> arguments)
    {
        var (minimum, audience, detects, isJson) = (0.5, RedactionAudience.Telemetry, false, false);
        for (var i = 0; i < arguments.Count; i++)
        {
            var value = i + 1 < arguments.Count ? arguments[i + 1] : "";
            switch (arguments[i])
            {
                case "--detect":
                    detects = true;
                    break;
                case "--json":
                    isJson = true;
                    break;
                case "--min-confidence" when double.TryParse(value, CultureInfo.InvariantCulture, out minimum) && minimum is >= 0.05 and <= 1:
                case "--audience" when Enum.TryParse(value, ignoreCase: true, out audience) && Enum.IsDefined(audience):
                    i++;
                    break;
                default:
                    return null;
            }
        }

        return new(minimum, audience, detects, isJson, keys: null);
    }

    private async Task<int> ByLineAsync(Stream input, Stream output, TextWriter errors, CancellationToken cancellationToken)
    {
        using var pending = new Streaming.PendingText<byte>();
        using var line = new PooledChars();
        var written = new ArrayBufferWriter<byte>();
        var buffer = new byte[ReadBytes];
        var lines = 0L;
        var searched = 0;
        while (true)
        {
            var read = await input.ReadAsync(buffer, cancellationToken);
            pending.Append(buffer.AsSpan(0, read));
            while (!pending.Items.IsEmpty)
            {
                var end = pending.Items[searched..].IndexOf((byte)'\n');
                if (end < 0 && read > 0)
                {
                    searched = pending.Items.Length;
                    break;
                }

                var length = end < 0 ? pending.Items.Length : searched + end;
                lines++;
                if (!TakeLine(pending.Items[..length], line, written))
                {
                    await output.WriteAsync(written.WrittenMemory, cancellationToken);
                    await errors.WriteLineAsync($"Line {lines} is not a JSON string.".AsMemory(), cancellationToken);
                    return UsageError;
                }

                pending.Take(Math.Min(length + 1, pending.Items.Length));
                searched = 0;
            }

            await output.WriteAsync(written.WrittenMemory, cancellationToken);
            written.ResetWrittenCount();
            if (read == 0)
            {
                await output.FlushAsync(cancellationToken);
                return Done;
            }
        }
    }

    private bool TakeLine(ReadOnlySpan<byte> bytes, PooledChars line, ArrayBufferWriter<byte> output)
    {
        line.Clear();
        Utf8Text.Decode(bytes.TrimEnd((byte)'\r'), line);
        var text = line.Written;
        if (_isJson)
        {
            if (JsonText.Unquote(text) is not { } unquoted)
            {
                return false;
            }

            text = unquoted;
        }

        if (_detects)
        {
            WriteMatches(_detector.Detect(text), output);
        }
        else
        {
            Utf8Text.Encode(JsonText.Quote(_redactor.Redact(text.ToString())), output);
        }

        output.Write("\n"u8);
        return true;
    }

    private static void WriteMatches(IReadOnlyList<PiiMatch> matches, ArrayBufferWriter<byte> output)
    {
        var json = new StringBuilder("[");
        foreach (var match in matches)
        {
            json.Append(json.Length > 1 ? "," : "").Append(
                CultureInfo.InvariantCulture,
                $$"""{"type":"{{PiiTypes.NameOf(match.Type)}}","start":{{match.Start}},"end":{{match.End}},"confidence":{{match.Confidence}}}""");
        }

        output.Write(Encoding.ASCII.GetBytes(json.Append(']').ToString()));
    }
}
