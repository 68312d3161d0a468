using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Platform.Identifiers;

/// <summary>
/// Makes UUIDs of version 7 (RFC 9562, section 5.7) that grow strictly within a process, also inside one millisecond:
/// the 12 bits of <c>rand_a</c> hold a counter (section 6.2, method 1), the rest is random.
/// </summary>
/// <remarks>
/// Sorting by id is therefore sorting by creation, which EF Core relies on when it orders the rows of a batch. Thread safe.
/// </remarks>
public static class Uuid7
{
    private const int CounterBits = 12;

    // Milliseconds since the Unix epoch in the upper bits, the counter in the lower twelve.
    private static long _last;

    /// <summary>Returns a new id for the present moment of <paramref name="time"/>.</summary>
    /// <param name="time">The clock; when it stands still or jumps back, ids go on growing from the last one given.</param>
    public static Guid Next(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);

        var now = time.GetUtcNow().ToUnixTimeMilliseconds() << CounterBits;
        long last, next;
        do
        {
            last = Volatile.Read(ref _last);
            next = now > last ? now : last + 1;
        }
        while (Interlocked.CompareExchange(ref _last, next, last) != last);

        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes[8..]);
        BinaryPrimitives.WriteInt64BigEndian(bytes, next >> CounterBits << 16);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[6..], (ushort)(0x7000 | (next & 0xFFF)));
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3F));
        return new Guid(bytes, bigEndian: true);
    }
}
