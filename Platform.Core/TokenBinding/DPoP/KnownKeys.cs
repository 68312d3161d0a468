using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Platform.TokenBinding.DPoP;

/// <summary>
/// Keys that tokens are bound to, ready for use, because opening one costs more than checking a signature with it. Holds a bounded number: the older
/// half goes when the newer is full. A key is lent to one caller at a time; others open their own. Thread safe.
/// </summary>
internal sealed class KnownKeys(int capacity)
{
    private ConcurrentDictionary<Thumbprint, Slot> _recent = new();
    private ConcurrentDictionary<Thumbprint, Slot> _older = new();

    /// <summary>How many keys are held at most.</summary>
    public int Count => _recent.Count + _older.Count;

    /// <summary>Lends the key with a thumbprint; null where it is not there, or lent.</summary>
    public AsymmetricAlgorithm? Borrow(ReadOnlySpan<byte> thumbprint) => Find(new Thumbprint(thumbprint)) is { } slot ? Interlocked.Exchange(ref slot.Key, null) : null;

    /// <summary>Takes a key back, or takes in one whose signature held.</summary>
    public void Return(ReadOnlySpan<byte> thumbprint, AsymmetricAlgorithm key)
    {
        var name = new Thumbprint(thumbprint);
        var slot = Find(name) ?? Volatile.Read(ref _recent).GetOrAdd(name, static _ => new Slot());
        Interlocked.Exchange(ref slot.Key, key)?.Dispose();
        var recent = Volatile.Read(ref _recent);
        if (recent.Count <= capacity / 2 || Interlocked.CompareExchange(ref _recent, new(), recent) != recent)
        {
            return;
        }

        foreach (var dropped in Interlocked.Exchange(ref _older, recent).Values)
        {
            Interlocked.Exchange(ref dropped.Key, null)?.Dispose();
        }
    }

    private Slot? Find(in Thumbprint name)
    {
        var recent = Volatile.Read(ref _recent);
        if (recent.TryGetValue(name, out var slot))
        {
            return slot;
        }

        // What is still asked for stays.
        return Volatile.Read(ref _older).TryRemove(name, out var older) ? recent.GetOrAdd(name, older) : null;
    }

    private sealed class Slot
    {
        public AsymmetricAlgorithm? Key;
    }

    /// <summary>The 32 bytes of a SHA-256.</summary>
    private readonly record struct Thumbprint(ulong A, ulong B, ulong C, ulong D)
    {
        public Thumbprint(ReadOnlySpan<byte> bytes)
            : this(Part(bytes, 0), Part(bytes, 8), Part(bytes, 16), Part(bytes, 24))
        {
        }

        private static ulong Part(ReadOnlySpan<byte> bytes, int at) => MemoryMarshal.Read<ulong>(bytes[at..]);
    }
}
