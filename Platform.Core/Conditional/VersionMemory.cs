using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Platform.Conditional;

/// <summary>
/// Versions of what was shown lately, so that "has it changed?" can be answered without the database. Thread safe; reading takes no lock.
/// </summary>
/// <remarks>
/// <para>What is remembered is given out only while somebody confirms, at least every <see cref="ConditionalOptions.MaxStaleness"/>, that all changes
/// committed until then were told to <see cref="Changed"/>. Without that nothing is given out, so a lost notification or a stuck connection costs
/// queries, and never makes an answer older than the bound.</para>
/// <para>A version that is read while its resource changes is not remembered: <see cref="Token"/> is taken before reading, and a change in
/// between makes it void.</para>
/// </remarks>
public sealed class VersionMemory
{
    private const int Slots = 1 << 16;
    private const int EpochShift = 44;

    private readonly long[] _resources = new long[Slots];
    private readonly long[] _kinds = new long[64];
    private readonly TimeProvider _time;
    private readonly TimeSpan _maxStaleness;
    private readonly int _generationSize;
    private ConcurrentDictionary<VersionKey, Entry> _young = new();
    private ConcurrentDictionary<VersionKey, Entry> _old = new();
    private long _epoch;
    private long _confirmedAt;
    private bool _confirmed;
    private int _count;

    /// <summary>Makes an empty memory.</summary>
    public VersionMemory(IOptions<ConditionalOptions> options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        _maxStaleness = options.Value.MaxStaleness;
        _generationSize = options.Value.RememberedVersions / 2;
    }

    /// <summary>Whether what is remembered may be given out now.</summary>
    public bool IsCurrent =>
        Volatile.Read(ref _confirmed) && _maxStaleness > TimeSpan.Zero && _time.GetElapsedTime(Volatile.Read(ref _confirmedAt)) <= _maxStaleness;

    /// <summary>Says which state of changes a version is read in; take it before the query.</summary>
    public long Token(in VersionKey key) => (Volatile.Read(ref _epoch) << EpochShift) + Volatile.Read(ref Slot(key));

    /// <summary>Looks a version up; false when it is not known for certain.</summary>
    public bool TryGet(in VersionKey key, out Validators version)
    {
        if (IsCurrent && (_young.TryGetValue(key, out var entry) || TryRenew(key, out entry)) && entry.Token == Token(key))
        {
            version = entry.Version;
            return true;
        }

        version = default;
        return false;
    }

    /// <summary>Keeps a version that was read after <paramref name="token"/> was taken.</summary>
    public void Remember(in VersionKey key, long token, Validators version)
    {
        if (_generationSize > 0 && token == Token(key)
            && !(_young.TryGetValue(key, out var known) && known.Token == token && known.Version == version))
        {
            Keep(key, new Entry(token, version));
        }
    }

    /// <summary>Tells of a change that is committed.</summary>
    public void Changed(string kind, Guid id)
    {
        Interlocked.Increment(ref _resources[ResourceSlot(kind, id)]);
        Interlocked.Increment(ref _kinds[KindSlot(kind)]);
    }

    /// <summary>Forgets everything, as when changes may have been missed.</summary>
    public void Forget() => Interlocked.Increment(ref _epoch);

    /// <summary>Says that every change that was committed at a moment has been told.</summary>
    /// <param name="timestamp">The moment, as <see cref="TimeProvider.GetTimestamp"/> gives it: before the changes were asked for.</param>
    public void Confirm(long timestamp)
    {
        Volatile.Write(ref _confirmedAt, timestamp);
        Volatile.Write(ref _confirmed, true);
    }

    private ref long Slot(in VersionKey key) =>
        ref key.IsList ? ref _kinds[KindSlot(key.Kind)] : ref _resources[ResourceSlot(key.Kind, key.Id)];

    private static int ResourceSlot(string kind, Guid id) => HashCode.Combine(kind, id) & (Slots - 1);

    private static int KindSlot(string kind) => kind.GetHashCode(StringComparison.Ordinal) & 63;

    // What is still asked for moves over to the younger generation.
    private bool TryRenew(in VersionKey key, out Entry entry)
    {
        if (!_old.TryGetValue(key, out entry!))
        {
            return false;
        }

        Keep(key, entry);
        return true;
    }

    private void Keep(in VersionKey key, Entry entry)
    {
        var young = _young;
        if (young.TryAdd(key, entry))
        {
            if (Interlocked.Increment(ref _count) >= _generationSize && ReferenceEquals(Interlocked.CompareExchange(ref _young, new(), young), young))
            {
                // The older half goes at once: no list of uses to keep, no lock to take.
                _old = young;
                Volatile.Write(ref _count, 0);
            }
        }
        else
        {
            young[key] = entry;
        }
    }

    private sealed record Entry(long Token, Validators Version);
}
