using System.Buffers;

namespace Platform.Redaction.Streaming;

/// <summary>What has come and has not been handed on: the beginning of a line, or of a private key.</summary>
internal sealed class PendingText<T> : IDisposable
    where T : unmanaged, IEquatable<T>
{
    private T[] _items = ArrayPool<T>.Shared.Rent(4096);
    private int _start;
    private int _end;

    public ReadOnlySpan<T> Items => _items.AsSpan(_start, _end - _start);

    public void Append(ReadOnlySpan<T> items)
    {
        if (_items.Length - _end < items.Length)
        {
            Grow(items.Length);
        }

        items.CopyTo(_items.AsSpan(_end));
        _end += items.Length;
    }

    public void Take(int count)
    {
        _start += count;
        if (_start == _end)
        {
            _start = _end = 0;
        }
    }

    public void Dispose()
    {
        ArrayPool<T>.Shared.Return(_items, clearArray: true);
        _items = [];
        _start = _end = 0;
    }

    private void Grow(int more)
    {
        var length = _end - _start;
        var target = length + more > _items.Length / 2 ? ArrayPool<T>.Shared.Rent(Math.Max(length + more, _items.Length * 2)) : _items;
        Items.CopyTo(target);
        if (target != _items)
        {
            ArrayPool<T>.Shared.Return(_items, clearArray: true);
            _items = target;
        }

        (_start, _end) = (0, length);
    }
}
