using System.IO.Compression;

namespace Platform.ServiceDefaults.Telemetry.Export;

/// <summary>
/// Counts what an OTLP request carries, without decoding it. Spans, metrics and log records stand at the same place in their requests:
/// resource (field 1), scope (2), item (2); opentelemetry-proto, <c>collector/*/v1</c>.
/// </summary>
internal static class OtlpItems
{
    private const int LengthDelimited = 2;
    private const int FrameHeader = 5;

    private static ReadOnlySpan<int> Path => [1, 2, 2];

    /// <summary>How many items there are; 0 if the body is none that this understands.</summary>
    /// <param name="body">The body of the request.</param>
    /// <param name="framed">Whether it is a message of gRPC, with its length before it.</param>
    /// <param name="zipped">Whether it is compressed by gzip, as a whole or within the frame.</param>
    public static int Count(ReadOnlySpan<byte> body, bool framed, bool zipped)
    {
        if (framed)
        {
            if (body.Length < FrameHeader)
            {
                return 0;
            }

            zipped = body[0] == 1;
            body = body[FrameHeader..];
        }

        if (!zipped)
        {
            return Count(body, Path);
        }

        using var source = new MemoryStream(body.ToArray());
        using var gzip = new GZipStream(source, CompressionMode.Decompress);
        using var plain = new MemoryStream();
        gzip.CopyTo(plain);
        return Count(plain.GetBuffer().AsSpan(0, (int)plain.Length), Path);
    }

    private static int Count(ReadOnlySpan<byte> message, ReadOnlySpan<int> path)
    {
        var items = 0;
        while (TryReadVarint(ref message, out var key))
        {
            var (field, type) = ((int)(key >> 3), (int)(key & 7));
            if (type is not LengthDelimited)
            {
                if (!TrySkip(ref message, type))
                {
                    return items;
                }

                continue;
            }

            if (!TryReadVarint(ref message, out var length) || length > (ulong)message.Length)
            {
                return items;
            }

            if (field == path[0])
            {
                items += path.Length == 1 ? 1 : Count(message[..(int)length], path[1..]);
            }

            message = message[(int)length..];
        }

        return items;
    }

    private static bool TrySkip(ref ReadOnlySpan<byte> message, int type)
    {
        var length = type switch { 1 => 8, 5 => 4, _ => -1 };
        if (type == 0)
        {
            return TryReadVarint(ref message, out _);
        }

        if (length < 0 || length > message.Length)
        {
            return false;
        }

        message = message[length..];
        return true;
    }

    private static bool TryReadVarint(ref ReadOnlySpan<byte> message, out ulong value)
    {
        value = 0;
        for (var i = 0; i < message.Length && i < 10; i++)
        {
            value |= (ulong)(message[i] & 0x7F) << (7 * i);
            if (message[i] < 0x80)
            {
                message = message[(i + 1)..];
                return true;
            }
        }

        return false;
    }
}
