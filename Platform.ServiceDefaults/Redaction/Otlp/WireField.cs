using System.Buffers;

namespace Platform.ServiceDefaults.Redaction;

/// <summary>
/// One field of a message as Protocol Buffers writes it (encoding, "Message Structure"): which one, where its content begins and where it ends. What a message holds is
/// nobody's business here.
/// </summary>
internal readonly record struct WireField(int Number, int Type, int Content, int End)
{
    /// <summary>The type of texts, bytes and messages, which have their length before them.</summary>
    public const int LengthDelimited = 2;

    private const int LongestVarint = 10;

    /// <summary>Reads the field that begins at a place.</summary>
    /// <exception cref="InvalidDataException">None does.</exception>
    public static WireField At(ReadOnlySpan<byte> message, int at)
    {
        var key = Varint(message, ref at);
        var (number, type) = ((int)(key >> 3), (int)(key & 7));
        var content = at;
        switch (type)
        {
            case 0:
                Varint(message, ref at);
                break;
            case 1:
                at += 8;
                break;
            case LengthDelimited:
                var length = Varint(message, ref at);
                content = at;
                at = length <= int.MaxValue - (ulong)at ? at + (int)length : int.MaxValue;
                break;
            case 5:
                at += 4;
                break;
            default:
                throw Unreadable();
        }

        return at <= message.Length ? new(number, type, content, at) : throw Unreadable();
    }

    /// <summary>Writes a field with its length before it.</summary>
    public static void Write(ArrayBufferWriter<byte> output, int number, ReadOnlySpan<byte> content)
    {
        WriteVarint(output, ((ulong)number << 3) | LengthDelimited);
        WriteVarint(output, (ulong)content.Length);
        output.Write(content);
    }

    private static void WriteVarint(ArrayBufferWriter<byte> output, ulong value)
    {
        Span<byte> bytes = stackalloc byte[LongestVarint];
        var count = 0;
        do
        {
            bytes[count++] = (byte)((value & 0x7F) | (value > 0x7F ? 0x80u : 0u));
            value >>= 7;
        }
        while (value != 0);
        output.Write(bytes[..count]);
    }

    private static ulong Varint(ReadOnlySpan<byte> message, ref int at)
    {
        var value = 0UL;
        for (var i = 0; i < LongestVarint && at < message.Length; i++)
        {
            var next = message[at++];
            value |= (ulong)(next & 0x7F) << (7 * i);
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Unreadable();
    }

    private static InvalidDataException Unreadable() => new("This is no message of Protocol Buffers.");
}
