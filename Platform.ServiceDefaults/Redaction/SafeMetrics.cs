using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Platform.Redaction;

namespace Platform.ServiceDefaults.Redaction;

/// <summary>
/// Redacts the attributes that metrics are sent with. OpenTelemetry lets nobody change a measured point before it is exported, so the request is read and written anew
/// (opentelemetry-proto, <c>metrics/v1/metrics.proto</c>). One without anything to redact goes on as it is.
/// </summary>
internal static class SafeMetrics
{
    private const int LengthDelimited = 2;
    private const int FrameHeader = 5;
    private const int KeyField = 1;
    private const int ValueField = 2;
    private const int TextField = 1;

    // Messages that hold attributes somewhere: which of their fields are such messages again. Gauges, sums, two kinds of histograms, summaries.
    private static readonly Shape Attribute = new();
    private static readonly Shape Exemplar = new((7, Attribute));
    private static readonly Shape Numbers = new((1, new((7, Attribute), (5, Exemplar))));
    private static readonly Shape Metric = new(
        (5, Numbers), (7, Numbers), (9, new((1, new((9, Attribute), (8, Exemplar))))), (10, new((1, new((1, Attribute), (11, Exemplar))))), (11, new((1, new((7, Attribute))))));

    private static readonly Shape Request = new((1, new((2, new((2, Metric))))));

    /// <summary>Redacts a request.</summary>
    /// <param name="body">The body.</param>
    /// <param name="framed">Whether it is a message of gRPC, with its length before it.</param>
    /// <param name="zipped">Whether it is compressed by gzip, as a whole.</param>
    /// <param name="redactor">Redacts values, by the names that they have.</param>
    /// <returns>The body to send instead, compressed as it was, or null where nothing has to change.</returns>
    /// <exception cref="InvalidDataException">It is no such request.</exception>
    public static byte[]? Redact(ReadOnlySpan<byte> body, bool framed, bool zipped, Redactor redactor)
    {
        if (framed)
        {
            if (body.Length < FrameHeader)
            {
                throw new InvalidDataException("A message of gRPC begins with its length.");
            }

            zipped = body[0] == 1;
            body = body[FrameHeader..];
        }

        if (Rewrite(zipped ? Unzipped(body) : body, Request, redactor) is not { } safe)
        {
            return null;
        }

        safe = zipped ? Zipped(safe) : safe;
        if (!framed)
        {
            return safe;
        }

        var frame = new byte[FrameHeader + safe.Length];
        frame[0] = zipped ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), safe.Length);
        safe.CopyTo(frame, FrameHeader);
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

    private static byte[]? Rewrite(ReadOnlySpan<byte> message, Shape shape, Redactor redactor)
    {
        if (ReferenceEquals(shape, Attribute))
        {
            return RewriteAttribute(message, redactor);
        }

        ArrayBufferWriter<byte>? output = null;
        for (var at = 0; at < message.Length;)
        {
            var field = Field.At(message, at);
            if (field.Type == LengthDelimited && shape.Of(field.Number) is { } inner && Rewrite(message[field.Content..field.End], inner, redactor) is { } changed)
            {
                output ??= Begin(message[..at], message.Length);
                Write(output, field.Number, changed);
            }
            else
            {
                output?.Write(message[at..field.End]);
            }

            at = field.End;
        }

        return output?.WrittenSpan.ToArray();
    }

    // KeyValue { string key = 1; AnyValue { string_value = 1 } value = 2; }
    private static byte[]? RewriteAttribute(ReadOnlySpan<byte> message, Redactor redactor)
    {
        string key = "", text = "";
        var isText = false;
        for (var at = 0; at < message.Length;)
        {
            var field = Field.At(message, at);
            if (field is { Type: LengthDelimited, Number: KeyField })
            {
                key = Encoding.UTF8.GetString(message[field.Content..field.End]);
            }
            else if (field is { Type: LengthDelimited, Number: ValueField } && field.End > field.Content)
            {
                var value = message[field.Content..field.End];
                var inner = Field.At(value, 0);

                // An array is searched as it is written; with anything in it to redact the whole becomes one text.
                isText = inner.Type == LengthDelimited;
                text = isText ? Encoding.UTF8.GetString(value[inner.Content..inner.End]) : "";
            }

            at = field.End;
        }

        if (!isText || !SafeAttributes.TryRedact(new(key, text), redactor, out var redacted))
        {
            return null;
        }

        var safe = new ArrayBufferWriter<byte>();
        Write(safe, TextField, Encoding.UTF8.GetBytes(redacted as string ?? ""));
        var output = new ArrayBufferWriter<byte>();
        Write(output, KeyField, Encoding.UTF8.GetBytes(key));
        Write(output, ValueField, safe.WrittenSpan);
        return output.WrittenSpan.ToArray();
    }

    private static ArrayBufferWriter<byte> Begin(ReadOnlySpan<byte> before, int length)
    {
        var output = new ArrayBufferWriter<byte>(length);
        output.Write(before);
        return output;
    }

    private static void Write(ArrayBufferWriter<byte> output, int number, ReadOnlySpan<byte> content)
    {
        WriteVarint(output, ((ulong)number << 3) | LengthDelimited);
        WriteVarint(output, (ulong)content.Length);
        output.Write(content);
    }

    private static void WriteVarint(ArrayBufferWriter<byte> output, ulong value)
    {
        Span<byte> bytes = stackalloc byte[10];
        var count = 0;
        do
        {
            bytes[count++] = (byte)((value & 0x7F) | (value > 0x7F ? 0x80u : 0u));
            value >>= 7;
        }
        while (value != 0);
        output.Write(bytes[..count]);
    }

    private sealed class Shape(params (int Number, Shape Inner)[] fields)
    {
        public Shape? Of(int number)
        {
            foreach (var (known, inner) in fields)
            {
                if (known == number)
                {
                    return inner;
                }
            }

            return null;
        }
    }

    /// <summary>One field of a message: where its content begins and where it ends.</summary>
    private readonly record struct Field(int Number, int Type, int Content, int End)
    {
        public static Field At(ReadOnlySpan<byte> message, int at)
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

        private static ulong Varint(ReadOnlySpan<byte> message, ref int at)
        {
            var value = 0UL;
            for (var i = 0; i < 10; i++)
            {
                if (at >= message.Length)
                {
                    break;
                }

                var next = message[at++];
                value |= (ulong)(next & 0x7F) << (7 * i);
                if (next < 0x80)
                {
                    return value;
                }
            }

            throw Unreadable();
        }

        private static InvalidDataException Unreadable() => new("The request is no message of metrics.");
    }
}
