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

    // The generator of the system is asked for many at once: to ask it for eight bytes costs more than everything else that a request's id takes.
    private const int RandomBytes = 64 * sizeof(ulong);

    [ThreadStatic]
    private static byte[]? _random;

    [ThreadStatic]
    private static int _randomUsed;

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
        FillRandom(bytes[8..]);
        BinaryPrimitives.WriteInt64BigEndian(bytes, next >> CounterBits << 16);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[6..], (ushort)(0x7000 | (next & 0xFFF)));
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3F));
        return new Guid(bytes, bigEndian: true);
    }

    // What was given is wiped: an id that was made cannot be found in memory and taken for one that comes.
    private static void FillRandom(Span<byte> target)
    {
        if (_random is null || _randomUsed == RandomBytes)
        {
            RandomNumberGenerator.Fill(_random ??= new byte[RandomBytes]);
            _randomUsed = 0;
        }

        var given = _random.AsSpan(_randomUsed, target.Length);
        given.CopyTo(target);
        given.Clear();
        _randomUsed += target.Length;
    }
}
