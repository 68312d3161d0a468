namespace Platform.FeatureFlags;

/// <summary>Overrides of one <see cref="LiveFlags"/>, on the asynchronous flow. Costs one read of a number while nobody overrides.</summary>
internal sealed class FlagOverrides
{
    private readonly AsyncLocal<Entry?> _top = new();
    private int _open;

    internal enum Kind
    {
        Flag,
        Switch,
        Sample,
    }

    public bool InUse => Volatile.Read(ref _open) > 0;

    public IDisposable Push(Kind kind, string name, bool enabled, object? value = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var entry = new Entry(this, kind, name, enabled, value, _top.Value);
        Interlocked.Increment(ref _open);
        _top.Value = entry;
        return entry;
    }

    public Entry? Find(Kind kind, string name)
    {
        for (var entry = _top.Value; entry is not null; entry = entry.Below)
        {
            if (!entry.Closed && entry.Kind == kind && string.Equals(entry.Name, name, StringComparison.Ordinal))
            {
                return entry;
            }
        }

        return null;
    }

    internal sealed class Entry(FlagOverrides owner, Kind kind, string name, bool enabled, object? value, Entry? below) : IDisposable
    {
        private int _closed;

        public Kind Kind => kind;

        public string Name => name;

        public bool Enabled => enabled;

        public object? Value => value;

        public Entry? Below => below;

        public bool Closed => Volatile.Read(ref _closed) != 0;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _closed, 1) != 0)
            {
                return;
            }

            Interlocked.Decrement(ref owner._open);

            // Flows that were started inside still see the entry, and skip it as closed.
            var top = owner._top.Value;
            while (top is { Closed: true })
            {
                top = top.Below;
            }

            owner._top.Value = top;
        }
    }
}
