using System.Buffers;

namespace Platform.Redaction;

/// <summary>Text being made, in an array of the pool.</summary>
internal sealed class PooledChars : IDisposable
{
    private char[] _chars = ArrayPool<char>.Shared.Rent(1024);

    public int Length { get; private set; }

    public ReadOnlySpan<char> Written => _chars.AsSpan(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Takes back what was written behind a place.</summary>
    public void Rewind(int length) => Length = length;

    public void Append(char c)
    {
        Reserve(1)[0] = c;
        Length++;
    }

    public void Append(ReadOnlySpan<char> text)
    {
        text.CopyTo(Reserve(text.Length));
        Length += text.Length;
    }

    public void Append(char c, int count)
    {
        Reserve(count)[..count].Fill(c);
        Length += count;
    }

    /// <summary>Room behind what is written, of which <see cref="Advance"/> takes some.</summary>
    public Span<char> Reserve(int count)
    {
        if (_chars.Length - Length < count)
        {
            var larger = ArrayPool<char>.Shared.Rent(Math.Max(Length + count, _chars.Length * 2));
            Written.CopyTo(larger);
            Return();
            _chars = larger;
        }

        return _chars.AsSpan(Length);
    }

    public void Advance(int count) => Length += count;

    public void Dispose()
    {
        Return();
        _chars = [];
        Length = 0;
    }

    // What it held may be what was to be hidden.
    private void Return() => ArrayPool<char>.Shared.Return(_chars, clearArray: true);
}
