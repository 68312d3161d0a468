using System.Buffers;
using System.Text;

namespace Platform.Redaction;

/// <summary>
/// A writer that hands on what is written to it redacted, line by line, so that it does not matter where the pieces are cut.
/// Not thread safe.
/// </summary>
/// <remarks>
/// A line, or a private key, is held back until it is complete; a line longer than <see cref="LongestLine"/> is cut at a white
/// space. <see cref="Flush"/> hands on complete lines only; disposing hands on the rest.
/// </remarks>
public sealed class RedactingTextWriter : TextWriter
{
    /// <summary>How many characters of a line are held back at most.</summary>
    public const int LongestLine = 4 * 1024 * 1024;

    private readonly Redactor _redactor;
    private readonly TextWriter _output;
    private readonly ArrayBufferWriter<char> _redacted = new();
    private readonly Streaming.PendingText<char> _pending = new();
    private int _searched;
    private bool _isDisposed;

    /// <summary>Makes the writer; disposing it disposes <paramref name="output"/> too.</summary>
    /// <param name="redactor">What redacts.</param>
    /// <param name="output">Where it goes.</param>
    public RedactingTextWriter(Redactor redactor, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(redactor);
        ArgumentNullException.ThrowIfNull(output);
        (_redactor, _output) = (redactor, output);
    }

    /// <inheritdoc/>
    public override Encoding Encoding => _output.Encoding;

    /// <inheritdoc/>
    public override void Write(char value) => Write([value]);

    /// <inheritdoc/>
    public override void Write(string? value) => Write(value.AsSpan());

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<char> buffer)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _pending.Append(buffer);
        Drain(isLast: false);
    }

    /// <inheritdoc/>
    public override void Flush() => _output.Flush();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            Drain(isLast: true);
            _isDisposed = true;
            _pending.Dispose();
            _output.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Drain(bool isLast)
    {
        // A line that comes in many pieces is searched for its end once, not once a piece.
        if (!isLast && _pending.Items.Length < LongestLine && !_pending.Items[_searched..].Contains('\n'))
        {
            _searched = _pending.Items.Length;
            return;
        }

        _searched = 0;
        while (!_pending.Items.IsEmpty)
        {
            var length = Segments.Next(_pending.Items, isLast);
            if (length == 0 && _pending.Items.Length >= LongestLine)
            {
                length = _pending.Items.LastIndexOfAny(' ', '\t') + 1 is > 0 and var cut ? cut : _pending.Items.Length;
            }

            if (length == 0)
            {
                return;
            }

            var segment = _pending.Items[..length];
            if (_redactor.TryRedact(segment, _redacted))
            {
                _output.Write(_redacted.WrittenSpan);
                _redacted.ResetWrittenCount();
            }
            else
            {
                _output.Write(segment);
            }

            _pending.Take(length);
        }
    }
}
