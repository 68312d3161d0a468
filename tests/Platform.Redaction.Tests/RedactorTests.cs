using System.Buffers;
using System.Text;

namespace Platform.Redaction.Tests;

public sealed class RedactorTests
{
    private static readonly PiiDetector Detector = new();
    private static readonly Redactor Masking = new(Detector, RedactionPolicy.For(RedactionAudience.Telemetry));

    [Theory]
    [InlineData("john.doe@example.com", "j***@e***.com")]
    [InlineData("(555) 123-4567", "***-***-4567")]
    [InlineData("card 4012-8888-8888-1881 was used", "card ****-****-****-1881 was used")]
    [InlineData("ssn 078-05-1123", "ssn ***-**-1123")]
    [InlineData("to GB29 NWBK 6016 1331 9268 19", "to GB**-****-6819")]
    [InlineData("from 203.0.113.77 and 2001:db8::8a2e:370:7334", "from 203.0.*.* and 2001:***")]
    [InlineData("device 00:1A:2B:3C:4D:5E", "device 00:1A:2B-***")]
    [InlineData("born 1980-05-21", "born ****-**-**")]
    [InlineData("""{"customer_name":"Jane Doe"}""", """{"customer_name":"J*** D***"}""")]
    [InlineData("Host=db;Password=v3ry-S3cret!;Timeout=15", "Host=db;Password=[redacted];Timeout=15")]
    [InlineData("https://ann:pa55@host/x", "https://[redacted]@host/x")]
    [InlineData("key AKIAIOSFODNN7EXAMPLE used", "key [redacted] used")]
    [InlineData("a@b.co", "***@***.co")]
    public void A_mask_keeps_the_form_of_its_type(string text, string expected) =>
        Assert.Equal(expected, Masking.Redact(text));

    [Fact]
    public void A_clean_text_is_returned_itself()
    {
        const string Text = "Order 0199a5c2-7c1e-7b61-8f2e-3a9b6a1c2d3e was placed with 3 lines in 12.5 ms";

        Assert.Same(Text, Masking.Redact(Text));
    }

    [Fact]
    public void A_clean_line_allocates_nothing()
    {
        var line = """{"timestamp":"2026-03-02T08:00:00.123456Z","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","message":"Order 0199a5c2-7c1e-7b61-8f2e-3a9b6a1c2d3e was placed, number 1234567890"}""";
        var bytes = Encoding.UTF8.GetBytes(line);
        var output = new ArrayBufferWriter<byte>();
        for (var i = 0; i < 200; i++)
        {
            Masking.Redact(line);
            Masking.TryRedact(bytes, output);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            Masking.Redact(line);
            Masking.TryRedact(bytes, output);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void The_same_value_has_the_same_token_however_it_is_written()
    {
        var redactor = new Redactor(Detector, RedactionPolicy.Everything(RedactionAction.Hash), new FixedKey(1));

        var plain = redactor.Redact("card 4012888888881881");
        var grouped = redactor.Redact("card 4012 8888 8888 1881");

        Assert.Matches("^card <pii:[a-p]{24}>$", plain);
        Assert.Equal(plain, grouped);
        Assert.Equal(redactor.Redact("John.Doe@Example.com"), redactor.Redact("john.doe@example.com"));
        Assert.NotEqual(redactor.Redact("john.doe@example.com"), redactor.Redact("jane.doe@example.com"));
    }

    [Fact]
    public void Another_key_gives_another_token()
    {
        var policy = RedactionPolicy.Everything(RedactionAction.Hash);

        Assert.NotEqual(
            new Redactor(Detector, policy, new FixedKey(1)).Redact("john.doe@example.com"),
            new Redactor(Detector, policy, new FixedKey(2)).Redact("john.doe@example.com"));
    }

    [Fact]
    public void A_policy_that_hashes_needs_a_key() =>
        Assert.Throws<ArgumentException>(() => new Redactor(Detector, RedactionPolicy.Everything(RedactionAction.Hash)));

    [Theory]
    [InlineData(RedactionAudience.Telemetry, "j***@e***.com from 203.0.*.*, password=[redacted]")]
    [InlineData(RedactionAudience.Operator, "j***@e***.com from 203.0.113.77, password=[redacted]")]
    [InlineData(RedactionAudience.Subject, "john.doe@example.com from 203.0.113.77, password=[redacted]")]
    [InlineData(RedactionAudience.Public, "[redacted] from [redacted], password=[redacted]")]
    public void Each_audience_sees_what_it_may(RedactionAudience audience, string expected) =>
        Assert.Equal(expected, new Redactor(Detector, RedactionPolicy.For(audience)).Redact("john.doe@example.com from 203.0.113.77, password=v3ry-S3cret!"));

    [Fact]
    public void A_policy_can_be_changed_for_one_type()
    {
        var policy = RedactionPolicy.For(RedactionAudience.Telemetry).With(PiiType.Email, RedactionAction.Keep);

        Assert.Equal("a.b@example.com ***-***-4567", new Redactor(Detector, policy).Redact("a.b@example.com (555) 123-4567"));
    }

    [Fact]
    public void Overlapping_matches_leave_nothing_of_either()
    {
        var redacted = Masking.Redact("https://ann:secret42@example.com/ password=https://ann:secret42@example.com/");

        Assert.DoesNotContain("secret42", redacted, StringComparison.Ordinal);
        Assert.DoesNotContain("ann", redacted, StringComparison.Ordinal);
    }

    [Fact]
    public void The_name_of_a_field_counts_as_context()
    {
        Assert.Equal("5321234567", Masking.Redact("5321234567"));
        Assert.Equal("***-***-4567", Masking.Redact("5321234567", "customerPhone"));
    }

    [Fact]
    public void A_value_of_a_known_type_is_redacted_in_any_form()
    {
        Assert.Equal("J*** M***", Masking.RedactValue(PiiType.PersonName, "Jane Miller"));
        Assert.Equal("***-***-9999", Masking.RedactValue(PiiType.Phone, "call 0 9999 999"));
        Assert.DoesNotContain("x", Masking.RedactValue(PiiType.Email, "x"), StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_no_utf8_stay_as_they_are()
    {
        byte[] text = [0xFF, 0xC3, (byte)' ', .. "caf\u00e9 john.doe@example.com "u8, 0xED, 0xA0, 0x80, 0];
        var output = new ArrayBufferWriter<byte>();

        Assert.True(Masking.TryRedact(text, output));
        Assert.Equal([0xFF, 0xC3, (byte)' ', .. "caf\u00e9 j***@e***.com "u8, 0xED, 0xA0, 0x80, 0], output.WrittenSpan.ToArray());
    }

    private sealed class FixedKey(byte seed) : IRedactionKeys
    {
        public ReadOnlyMemory<byte> Current { get; } = Enumerable.Repeat(seed, 32).ToArray();
    }
}
