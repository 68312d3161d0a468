using System.Buffers;

namespace Platform.Redaction;

/// <summary>
/// A stream of UTF-8 that hands on what is written to it redacted, line by line, so that it does not matter where the pieces are cut.
/// Not thread safe.
/// </summary>
/// <remarks>
/// A line, or a private key, is held back until it is complete; a line longer than <see cref="LongestLine"/> is cut at a white
/// space. <see cref="Flush"/> hands on complete lines only; disposing hands on the rest.
/// </remarks>
public sealed class RedactingStream : Stream
{
    /// <summary>How many bytes of a line are held back at most.</summary>
    public const int LongestLine = 4 * 1024 * 1024;

    private readonly Redactor _redactor;
    private readonly Stream _output;
    private readonly bool _leaveOpen;
    private readonly ArrayBufferWriter<byte> _redacted = new();
    private readonly Streaming.PendingText<byte> _pending = new();
    private int _searched;
    private bool _isDisposed;

    /// <summary>Makes the stream.</summary>
    /// <param name="redactor">What redacts.</param>
    /// <param name="output">Where it goes.</param>
    /// <param name="leaveOpen">Whether <paramref name="output"/> stays open when this stream is disposed.</param>
    public RedactingStream(Redactor redactor, Stream output, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(redactor);
        ArgumentNullException.ThrowIfNull(output);
        (_redactor, _output, _leaveOpen) = (redactor, output, leaveOpen);
    }

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => !_isDisposed;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Take(buffer);
        _output.Write(_redacted.WrittenSpan);
        _redacted.ResetWrittenCount();
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Take(buffer.Span);
        await _output.WriteAsync(_redacted.WrittenMemory, cancellationToken);
        _redacted.ResetWrittenCount();
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override void Flush() => _output.Flush();

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => _output.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (!_isDisposed)
        {
            Drain(isLast: true);
            await _output.WriteAsync(_redacted.WrittenMemory);
            await _output.FlushAsync();
            _isDisposed = true;
            _pending.Dispose();
            if (!_leaveOpen)
            {
                await _output.DisposeAsync();
            }
        }

        // What is left to do is done; a server's output takes no synchronous calls.
        await base.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            Drain(isLast: true);
            _isDisposed = true;
            _output.Write(_redacted.WrittenSpan);
            _output.Flush();
            _pending.Dispose();
            if (!_leaveOpen)
            {
                _output.Dispose();
            }
        }

        base.Dispose(disposing);
    }

    private void Take(ReadOnlySpan<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _pending.Append(buffer);
        Drain(isLast: false);
    }

    private void Drain(bool isLast)
    {
        // A line that comes in many pieces is searched for its end once, not once a piece.
        if (!isLast && _pending.Items.Length < LongestLine && !_pending.Items[_searched..].Contains((byte)'\n'))
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
                length = _pending.Items.LastIndexOfAny((byte)' ', (byte)'\t') + 1 is > 0 and var cut ? cut : _pending.Items.Length;
            }

            if (length == 0)
            {
                return;
            }

            var segment = _pending.Items[..length];
            if (!_redactor.TryRedact(segment, _redacted))
            {
                _redacted.Write(segment);
            }

            _pending.Take(length);
        }
    }
}
