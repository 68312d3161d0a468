namespace Platform.FeatureFlags;

/// <summary>Overrides on the asynchronous flow. Costs one read of a number while nobody in the process overrides.</summary>
internal static class FlagOverrides
{
    private static readonly AsyncLocal<Entry?> Top = new();
    private static int _open;

    internal enum Kind
    {
        Flag,
        Switch,
        Sample,
    }

    public static bool InUse => Volatile.Read(ref _open) > 0;

    /// <summary>Begins an override.</summary>
    /// <param name="flags">Whose answers; null is those of every host in the process.</param>
    /// <param name="kind">Of what.</param>
    /// <param name="name">Which.</param>
    /// <param name="enabled">The answer.</param>
    /// <param name="value">The value of a flag that has one.</param>
    public static IDisposable Push(LiveFlags? flags, Kind kind, string name, bool enabled, object? value = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var entry = new Entry(flags, kind, name, enabled, value, Top.Value);
        Interlocked.Increment(ref _open);
        Top.Value = entry;
        return entry;
    }

    public static Entry? Find(LiveFlags flags, Kind kind, string name)
    {
        for (var entry = Top.Value; entry is not null; entry = entry.Below)
        {
            if (!entry.Closed && entry.IsOf(flags) && entry.Kind == kind && string.Equals(entry.Name, name, StringComparison.Ordinal))
            {
                return entry;
            }
        }

        return null;
    }

    internal sealed class Entry(LiveFlags? flags, Kind kind, string name, bool enabled, object? value, Entry? below) : IDisposable
    {
        private int _closed;

        public Kind Kind => kind;

        public string Name => name;

        public bool Enabled => enabled;

        public object? Value => value;

        public Entry? Below => below;

        public bool Closed => Volatile.Read(ref _closed) != 0;

        public bool IsOf(LiveFlags asked) => flags is null || ReferenceEquals(flags, asked);

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _closed, 1) != 0)
            {
                return;
            }

            Interlocked.Decrement(ref _open);

            // Flows that were started inside still see the entry, and skip it as closed.
            var top = Top.Value;
            while (top is { Closed: true })
            {
                top = top.Below;
            }

            Top.Value = top;
        }
    }
}
