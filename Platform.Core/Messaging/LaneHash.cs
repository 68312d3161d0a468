using System.Text;

namespace Platform.Messaging;

/// <summary>
/// Maps an aggregate to its lane. All events of an aggregate share a lane and a lane has one owner at a time, which is what keeps their order.
/// </summary>
/// <remarks>
/// FNV-1a (32 bits) over the UTF-8 of type, a zero byte and id, then the finalizer of MurmurHash3, modulo the number of lanes. Stable
/// across processes, versions and languages: rows that exist were placed by it.
/// </remarks>
public static class LaneHash
{
    private const int StackLimit = 256;

    /// <summary>Returns the lane of an aggregate, from 0 to <paramref name="laneCount"/> - 1.</summary>
    public static short Of(string aggregateType, string aggregateId, int laneCount)
    {
        ArgumentNullException.ThrowIfNull(aggregateType);
        ArgumentNullException.ThrowIfNull(aggregateId);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(laneCount);

        var hash = Add(2166136261, aggregateType);
        hash *= 16777619; // the zero byte: xor changes nothing
        hash = Add(hash, aggregateId);
        hash ^= hash >> 16;
        hash *= 0x85ebca6b;
        hash ^= hash >> 13;
        hash *= 0xc2b2ae35;
        hash ^= hash >> 16;
        return (short)(hash % (uint)laneCount);
    }

    private static uint Add(uint hash, string text)
    {
        var size = Encoding.UTF8.GetMaxByteCount(text.Length);
        var bytes = size <= StackLimit ? stackalloc byte[size] : new byte[size];
        foreach (var b in bytes[..Encoding.UTF8.GetBytes(text, bytes)])
        {
            hash = (hash ^ b) * 16777619;
        }

        return hash;
    }
}
