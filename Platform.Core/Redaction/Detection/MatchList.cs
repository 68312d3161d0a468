using System.Buffers;

namespace Platform.Redaction.Detection;

/// <summary>The matches of one text: on the stack while they are few, from the pool when there are many.</summary>
internal ref struct MatchList
{
    /// <summary>What fits the stack: 32 times 24 bytes.</summary>
    public const int OnStack = 32;

    private Span<PiiMatch> _items;
    private PiiMatch[]? _rented;

    public MatchList(Span<PiiMatch> initial) => _items = initial;

    public int Count { get; private set; }

    public readonly Span<PiiMatch> Items => _items[..Count];

    public void Add(PiiMatch match)
    {
        if (Count == _items.Length)
        {
            Grow();
        }

        _items[Count++] = match;
    }

    public void Truncate(int count) => Count = count;

    public void Dispose()
    {
        if (_rented is not null)
        {
            ArrayPool<PiiMatch>.Shared.Return(_rented);
            _rented = null;
        }
    }

    private void Grow()
    {
        var larger = ArrayPool<PiiMatch>.Shared.Rent(Math.Max(64, _items.Length * 2));
        Items.CopyTo(larger);
        Dispose();
        _items = _rented = larger;
    }
}
