using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Platform.Audit;

/// <summary>
/// The arithmetic of the trail: a code for each entry (HMAC-SHA-256, RFC 2104, over all its fields), and the chain, where each link is a
/// code over the one before, its number, the entry's position in the table and the entry's code.
/// </summary>
/// <remarks>Fields are written with their lengths, so that no two entries have the same bytes. Thread safe.</remarks>
internal static class AuditChain
{
    public const int HashLength = HMACSHA256.HashSizeInBytes;

    private const int NoText = -1;

    /// <summary>The link before the first.</summary>
    public static byte[] Start => new byte[HashLength];

    /// <summary>The code of an entry.</summary>
    public static byte[] Code(ReadOnlySpan<byte> key, AuditEntry entry)
    {
        var content = new ArrayBufferWriter<byte>(512);
        content.Write("audit entry 1"u8);
        entry.Id.TryWriteBytes(content.GetSpan(16), bigEndian: true, out var written);
        content.Advance(written);
        Number(content, entry.OccurredAt.UtcTicks / TimeSpan.TicksPerMicrosecond);
        Text(content, entry.Actor);
        Text(content, entry.Action);
        Text(content, entry.Target);
        Text(content, entry.Outcome.ToString());
        Text(content, entry.Reason);
        Text(content, entry.TraceId);
        Text(content, entry.CorrelationId);
        Text(content, entry.Source);
        Text(content, entry.Details);
        return HMACSHA256.HashData(key, content.WrittenSpan);
    }

    /// <summary>The code of an entry that a person was erased from: over the code that it was written with, which the chain keeps, and what is left of it.</summary>
    public static byte[] Erasure(ReadOnlySpan<byte> key, ReadOnlySpan<byte> written, AuditEntry left)
    {
        var content = new ArrayBufferWriter<byte>(96);
        content.Write("audit erasure 1"u8);
        content.Write(written);
        content.Write(Code(key, left));
        return HMACSHA256.HashData(key, content.WrittenSpan);
    }

    /// <summary>The link of an entry.</summary>
    public static byte[] Link(ReadOnlySpan<byte> key, ReadOnlySpan<byte> previous, long sequence, long position, ReadOnlySpan<byte> code)
    {
        var content = new ArrayBufferWriter<byte>(128);
        content.Write("audit link 1"u8);
        content.Write(previous);
        Number(content, sequence);
        Number(content, position);
        content.Write(code);
        return HMACSHA256.HashData(key, content.WrittenSpan);
    }

    /// <summary>The code of an anchor.</summary>
    public static byte[] Anchor(ReadOnlySpan<byte> key, long sequence, ReadOnlySpan<byte> hash, DateTimeOffset at)
    {
        var content = new ArrayBufferWriter<byte>(96);
        content.Write("audit anchor 1"u8);
        Number(content, sequence);
        content.Write(hash);
        Number(content, at.ToUnixTimeMilliseconds());
        return HMACSHA256.HashData(key, content.WrittenSpan);
    }

    public static bool Same(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other) => CryptographicOperations.FixedTimeEquals(one, other);

    private static void Number(ArrayBufferWriter<byte> content, long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(content.GetSpan(8), value);
        content.Advance(8);
    }

    private static void Text(ArrayBufferWriter<byte> content, string? value)
    {
        if (value is null)
        {
            Number(content, NoText);
            return;
        }

        Number(content, Encoding.UTF8.GetByteCount(value));
        Encoding.UTF8.GetBytes(value, content);
    }
}
