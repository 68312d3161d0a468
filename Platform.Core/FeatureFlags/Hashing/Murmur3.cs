using System.Buffers.Binary;
using System.Numerics;

namespace Platform.FeatureFlags;

/// <summary>MurmurHash3 x86 32-bit (Austin Appleby, public domain algorithm): the hash of Unleash's buckets and of our own.</summary>
internal static class Murmur3
{
    private const uint C1 = 0xcc9e2d51;
    private const uint C2 = 0x1b873593;

    public static uint Hash(ReadOnlySpan<byte> data, uint seed = 0)
    {
        var hash = seed;
        var rest = data;
        while (rest.Length >= sizeof(uint))
        {
            hash ^= Scramble(BinaryPrimitives.ReadUInt32LittleEndian(rest));
            hash = (BitOperations.RotateLeft(hash, 13) * 5) + 0xe6546b64;
            rest = rest[sizeof(uint)..];
        }

        if (rest.Length > 0)
        {
            uint tail = rest[0];
            if (rest.Length > 1)
            {
                tail |= (uint)rest[1] << 8;
            }

            if (rest.Length > 2)
            {
                tail |= (uint)rest[2] << 16;
            }

            hash ^= Scramble(tail);
        }

        hash ^= (uint)data.Length;
        hash = (hash ^ (hash >> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >> 13)) * 0xc2b2ae35;
        return hash ^ (hash >> 16);
    }

    private static uint Scramble(uint block) => BitOperations.RotateLeft(block * C1, 15) * C2;
}
