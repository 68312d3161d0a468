using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Platform.Redaction;

/// <summary>UTF-8 to UTF-16 and back without loss: a byte that is no UTF-8 becomes a lone surrogate and that byte again.</summary>
/// <remarks>Valid UTF-8 has no surrogates (RFC 3629, section 3), so U+DC80 to U+DCFF by themselves are free for the bytes 80 to FF.</remarks>
internal static class Utf8Text
{
    private const char RawByte = '\uDC00';

    public static void Decode(ReadOnlySpan<byte> bytes, PooledChars output)
    {
        while (!bytes.IsEmpty)
        {
            var room = output.Reserve(bytes.Length);
            var status = Utf8.ToUtf16(bytes, room, out var read, out var written, replaceInvalidSequences: false);
            output.Advance(written);
            bytes = bytes[read..];
            if (status is OperationStatus.InvalidData or OperationStatus.NeedMoreData)
            {
                output.Append((char)(RawByte + bytes[0]));
                bytes = bytes[1..];
            }
        }
    }

    public static void Encode(ReadOnlySpan<char> text, IBufferWriter<byte> output)
    {
        while (!text.IsEmpty)
        {
            var room = output.GetSpan(Math.Min(Encoding.UTF8.GetMaxByteCount(text.Length), 64 * 1024));
            var status = Utf8.FromUtf16(text, room, out var read, out var written, replaceInvalidSequences: false);
            output.Advance(written);
            text = text[read..];
            if (status is OperationStatus.InvalidData or OperationStatus.NeedMoreData)
            {
                var c = text[0];
                if (c is >= '\uDC80' and <= '\uDCFF')
                {
                    output.GetSpan(1)[0] = (byte)(c - RawByte);
                    output.Advance(1);
                }
                else
                {
                    "\uFFFD"u8.CopyTo(output.GetSpan(3));
                    output.Advance(3);
                }

                text = text[1..];
            }
        }
    }
}
