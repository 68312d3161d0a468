using System.Buffers;
using System.Text;

namespace Platform.FeatureFlags;

/// <summary>Hashes texts as UTF-8 without allocating.</summary>
internal static class StickyHash
{
    // Fits an id of 42 characters of any script; most are UUIDs or numbers.
    private const int Small = 128;

    /// <summary>The seed that keeps the buckets of two names apart.</summary>
    public static uint Seed(string purpose, string name) => Murmur3.Hash(Encoding.UTF8.GetBytes($"{purpose}\n{name}"));

    public static uint Murmur(string text, uint seed)
    {
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (most <= Small)
        {
            Span<byte> bytes = stackalloc byte[Small];
            return Murmur3.Hash(bytes[..Encoding.UTF8.GetBytes(text, bytes)], seed);
        }

        var rented = ArrayPool<byte>.Shared.Rent(most);
        var hash = Murmur3.Hash(rented.AsSpan(0, Encoding.UTF8.GetBytes(text, rented)), seed);
        ArrayPool<byte>.Shared.Return(rented);
        return hash;
    }

    /// <summary>MurmurHash3 of a prefix and a text after it.</summary>
    public static uint Murmur(ReadOnlySpan<byte> prefix, string text, uint seed)
    {
        var most = prefix.Length + Encoding.UTF8.GetMaxByteCount(text.Length);
        if (most <= 2 * Small)
        {
            Span<byte> bytes = stackalloc byte[2 * Small];
            return Murmur3.Hash(bytes[..Join(prefix, text, bytes)], seed);
        }

        var rented = ArrayPool<byte>.Shared.Rent(most);
        var hash = Murmur3.Hash(rented.AsSpan(0, Join(prefix, text, rented)), seed);
        ArrayPool<byte>.Shared.Return(rented);
        return hash;
    }

    /// <summary>The SHA-256 marker of a text and a suffix after it.</summary>
    public static uint Sha256(string text, ReadOnlySpan<byte> suffix)
    {
        var most = Encoding.UTF8.GetMaxByteCount(text.Length) + suffix.Length;
        if (most <= 2 * Small)
        {
            Span<byte> bytes = stackalloc byte[2 * Small];
            return Sha256Marker.Hash(bytes[..Append(text, suffix, bytes)]);
        }

        var rented = ArrayPool<byte>.Shared.Rent(most);
        var hash = Sha256Marker.Hash(rented.AsSpan(0, Append(text, suffix, rented)));
        ArrayPool<byte>.Shared.Return(rented);
        return hash;
    }

    private static int Join(ReadOnlySpan<byte> prefix, string text, Span<byte> target)
    {
        prefix.CopyTo(target);
        return prefix.Length + Encoding.UTF8.GetBytes(text, target[prefix.Length..]);
    }

    private static int Append(string text, ReadOnlySpan<byte> suffix, Span<byte> target)
    {
        var written = Encoding.UTF8.GetBytes(text, target);
        suffix.CopyTo(target[written..]);
        return written + suffix.Length;
    }
}
