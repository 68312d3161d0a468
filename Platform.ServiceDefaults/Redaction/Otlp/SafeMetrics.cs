using System.Buffers;
using System.Text;
using Platform.Redaction;

namespace Platform.ServiceDefaults.Redaction;

/// <summary>
/// Redacts the attributes that metrics are sent with. OpenTelemetry lets nobody change a measured point before it is exported, so the request is read and written anew
/// (opentelemetry-proto, <c>metrics/v1/metrics.proto</c>). One without anything to redact goes on as it is.
/// </summary>
internal static class SafeMetrics
{
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
    public static byte[]? Redact(ReadOnlySpan<byte> body, bool framed, bool zipped, Redactor redactor) =>
        OtlpBody.Change(body, framed, zipped, message => Rewrite(message, Request, redactor));

    private static byte[]? Rewrite(ReadOnlySpan<byte> message, Shape shape, Redactor redactor)
    {
        if (ReferenceEquals(shape, Attribute))
        {
            return RewriteAttribute(message, redactor);
        }

        ArrayBufferWriter<byte>? output = null;
        for (var at = 0; at < message.Length;)
        {
            var field = WireField.At(message, at);
            if (field.Type == WireField.LengthDelimited && shape.Of(field.Number) is { } inner && Rewrite(message[field.Content..field.End], inner, redactor) is { } changed)
            {
                output ??= Begin(message[..at], message.Length);
                WireField.Write(output, field.Number, changed);
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
            var field = WireField.At(message, at);
            if (field is { Type: WireField.LengthDelimited, Number: KeyField })
            {
                key = Encoding.UTF8.GetString(message[field.Content..field.End]);
            }
            else if (field is { Type: WireField.LengthDelimited, Number: ValueField } && field.End > field.Content)
            {
                var value = message[field.Content..field.End];
                var inner = WireField.At(value, 0);

                // An array is searched as it is written; with anything in it to redact the whole becomes one text.
                isText = inner.Type == WireField.LengthDelimited;
                text = isText ? Encoding.UTF8.GetString(value[inner.Content..inner.End]) : "";
            }

            at = field.End;
        }

        if (!isText || !SafeAttributes.TryRedact(new(key, text), redactor, out var redacted))
        {
            return null;
        }

        var safe = new ArrayBufferWriter<byte>();
        WireField.Write(safe, TextField, Encoding.UTF8.GetBytes(redacted as string ?? ""));
        var output = new ArrayBufferWriter<byte>();
        WireField.Write(output, KeyField, Encoding.UTF8.GetBytes(key));
        WireField.Write(output, ValueField, safe.WrittenSpan);
        return output.WrittenSpan.ToArray();
    }

    private static ArrayBufferWriter<byte> Begin(ReadOnlySpan<byte> before, int length)
    {
        var output = new ArrayBufferWriter<byte>(length);
        output.Write(before);
        return output;
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
}
