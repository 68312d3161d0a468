using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Platform.Benchmarks.Redaction;

namespace Platform.Redaction.Tests;

/// <summary>Texts put together of values, what stands around values, and anything at all.</summary>
public sealed class PropertyTests
{
    private static readonly string[] Values = [.. SharedCase.All.Where(of => of.Count > 0).Select(of => of.Text)];

    private static readonly string[] Around =
    [
        " ", " ", " ", "\n", "\r\n", ", ", "; ", "=", ": ", "\"", "'", "-", ".", "/", "(", ")", "<", ">", "*", "@", "%40", "+", "phone ", "card number is ",
        "password=", "\"secret\":\"", "Bearer ", "dob ", "customer_name=", "order ", "***", "[redacted]", "<pii:abcdefghijklmnopabcdefgh>", "12", "4111", "A", "é", "\ud800", "\0",
    ];

    private static readonly Redactor[] Redactors =
    [
        new(new(), RedactionPolicy.For(RedactionAudience.Telemetry)),
        new(new(new() { BareValues = true }), RedactionPolicy.For(RedactionAudience.Telemetry)),
        new(new(new() { MinimumConfidence = 0.1 }), RedactionPolicy.For(RedactionAudience.Public)),
        new(new(), RedactionPolicy.Everything(RedactionAction.Hash), new Key()),
    ];

    private static Arbitrary<string> Texts =>
        Gen.OneOf(Gen.Elements(Values), Gen.Elements(Around), Gen.Elements(HostileText.Units.Select(of => of.Unit).ToArray()),
                ArbMap.Default.GeneratorFor<string>().Select(text => text ?? ""))
            .ListOf().Select(string.Concat).ToArbitrary();

    [Property(MaxTest = 3000)]
    public Property Redacting_twice_changes_nothing() => Prop.ForAll(Texts, text => Redactors.All(redactor =>
    {
        var once = redactor.Redact(text);
        return redactor.Redact(once) == once;
    }));

    [Property(MaxTest = 3000)]
    public Property No_detected_value_is_detected_again() => Prop.ForAll(Texts, text =>
    {
        var detector = new PiiDetector();
        var redacted = Redactors[0].Redact(text);
        return text.Split('\n').Length > 1 || detector.Detect(redacted).Count == 0;
    });

    [Property(MaxTest = 2000)]
    public Property Utf8_comes_out_as_utf16_does() => Prop.ForAll(Texts, text =>
    {
        // What has no UTF-8 has no like.
        var valid = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        var output = new ArrayBufferWriter<byte>();
        var redacted = Redactors[0].TryRedact(Encoding.UTF8.GetBytes(valid), output) ? Encoding.UTF8.GetString(output.WrittenSpan) : valid;
        return redacted == Redactors[0].Redact(valid);
    });

    [Property(MaxTest = 2000)]
    public Property Pieces_come_out_as_the_whole_does() => Prop.ForAll(Texts, ArbMap.Default.ArbFor<PositiveInt>(), (text, piece) =>
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        using var output = new MemoryStream();
        using (var stream = new RedactingStream(Redactors[0], output, leaveOpen: true))
        {
            foreach (var chunk in bytes.Chunk(piece.Get % 13 + 1))
            {
                stream.Write(chunk);
            }
        }

        using var written = new StringWriter();
        using (var writer = new RedactingTextWriter(Redactors[0], written))
        {
            foreach (var chunk in text.Chunk(piece.Get % 13 + 1))
            {
                writer.Write(chunk);
            }
        }

        var valid = Encoding.UTF8.GetString(bytes);
        return Encoding.UTF8.GetString(output.ToArray()) == Redactors[0].Redact(valid) && written.ToString() == Redactors[0].Redact(text);
    });

    private sealed class Key : IRedactionKeys
    {
        public ReadOnlyMemory<byte> Current { get; } = new byte[32];
    }
}
