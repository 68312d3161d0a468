using System.Buffers.Binary;
using System.IO.Compression;

namespace Platform.ServiceDefaults.Redaction;

/// <summary>What lies around a message of OTLP on its way: compression, and the frame of gRPC (PROTOCOL-HTTP2, "Length-Prefixed-Message").</summary>
internal static class OtlpBody
{
    private const int FrameHeader = 5;

    /// <summary>Changes the message in a body.</summary>
    /// <param name="body">The body.</param>
    /// <param name="isFramed">Whether it is a message of gRPC, with its length before it.</param>
    /// <param name="isZipped">Whether it is compressed by gzip, as a whole.</param>
    /// <param name="change">Gives the message to send instead, or null where nothing has to change.</param>
    /// <returns>The body to send instead, compressed as it was, or null.</returns>
    /// <exception cref="InvalidDataException">It has no frame, or is not compressed.</exception>
    public static byte[]? Change(ReadOnlySpan<byte> body, bool isFramed, bool isZipped, Func<ReadOnlySpan<byte>, byte[]?> change)
    {
        if (isFramed)
        {
            if (body.Length < FrameHeader)
            {
                throw new InvalidDataException("A message of gRPC begins with its length.");
            }

            isZipped = body[0] == 1;
            body = body[FrameHeader..];
        }

        if (change(isZipped ? Unzipped(body) : body) is not { } changed)
        {
            return null;
        }

        changed = isZipped ? Zipped(changed) : changed;
        return isFramed ? Framed(changed, isZipped) : changed;
    }

    private static byte[] Framed(byte[] message, bool isZipped)
    {
        var frame = new byte[FrameHeader + message.Length];
        frame[0] = isZipped ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, FrameHeader);
        return frame;
    }

    private static byte[] Unzipped(ReadOnlySpan<byte> body)
    {
        using var source = new MemoryStream(body.ToArray());
        using var gzip = new GZipStream(source, CompressionMode.Decompress);
        using var plain = new MemoryStream();
        gzip.CopyTo(plain);
        return plain.ToArray();
    }

    private static byte[] Zipped(byte[] body)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(body);
        }

        return target.ToArray();
    }
}
