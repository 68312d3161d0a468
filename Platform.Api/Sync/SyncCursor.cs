using System.Buffers.Binary;
using System.Buffers.Text;
using Platform.Api.Http;
using Platform.EntityFrameworkCore.Sync;

namespace Platform.Api.Sync;

/// <summary>
/// How far a client is: first through the resources there are, kind by kind, then through the log of changes from where it stood when that began.
/// </summary>
/// <param name="IssuedAt">When the client was given it.</param>
/// <param name="Place">Where in the log it reads on.</param>
/// <param name="Kind">Which kind of resources is being listed; <see cref="Following"/> when all were.</param>
/// <param name="After">The last one that was listed.</param>
internal sealed record SyncCursor(DateTimeOffset IssuedAt, ChangePlace Place, byte Kind, Guid After)
{
    public const byte Following = 255;

    private const string Purpose = "sync";
    private const int Length = 8 + 8 + 8 + 1 + 16;

    public bool IsFollowing => Kind == Following;

    public string ToText(CursorSeal seal)
    {
        Span<byte> bytes = stackalloc byte[Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, IssuedAt.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Place.Transaction);
        BinaryPrimitives.WriteInt64BigEndian(bytes[16..], Place.Position);
        bytes[24] = Kind;
        After.TryWriteBytes(bytes[25..], bigEndian: true, out _);
        return seal.Seal(Purpose, Base64Url.EncodeToString(bytes));
    }

    /// <summary>Reads a cursor; null when it is none that this API gave.</summary>
    public static SyncCursor? Parse(CursorSeal seal, string text)
    {
        Span<byte> bytes = stackalloc byte[Length + 2];
        return seal.Open(Purpose, text) is { Length: < 100 } inner
            && Base64Url.IsValid(inner)
            && Base64Url.TryDecodeFromChars(inner, bytes, out var length)
            && length == Length
            ? new SyncCursor(
                DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(bytes)),
                new ChangePlace(BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), BinaryPrimitives.ReadInt64BigEndian(bytes[16..])),
                bytes[24],
                new Guid(bytes[25..Length], bigEndian: true))
            : null;
    }
}
