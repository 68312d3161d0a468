using Platform.Benchmarks.Redaction;

namespace Platform.Redaction.Tests;

public sealed class CleanTextTests
{
    private static readonly PiiDetector Detector = new();

    [Theory]
    [InlineData("0199a5c2-7c1e-7b61-8f2e-3a9b6a1c2d3e")]
    [InlineData("12345678-1234-1234-1234-123456789012")]
    [InlineData("trace 4bf92f3577b34da6a3ce929d0e0e4736 span 00f067aa0ba902b7")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
    [InlineData("sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    [InlineData("commit 356a192b7913b04c54574d18c28d46e6395428ab (356a192b7)")]
    [InlineData("2026-03-02T08:00:00.123456Z 2026-03-02 08:00:00,123 08:00:00 1748503543 1748503543012 1748503543012345 1748503543012345678")]
    [InlineData("version 10.0.15.0, v1.2.3.4, Version=4.0.0.0, 1.20.1-rc.1, Chrome/120.0.0.0")]
    [InlineData("order 1234567890, order number 4111111111111111, ORD-2026-000123, batch 123456789012")]
    [InlineData("Now listening on: http://127.0.0.1:5100 and http://[::]:5200, Host=127.0.0.1;Port=5432")]
    [InlineData("std::string a::b 12:30 Port 80:443 abc:def:ghi")]
    [InlineData("lsn 0/16B3748 xid 735912 took 12.345 ms for 1,234,567 rows, 99.9 % of 2.5 GB")]
    [InlineData("CancellationToken: None, password=${PASSWORD}, password: required, token_type=Bearer, secret={Secret}")]
    [InlineData("""{"name":"Steel Bottle","category":"Microsoft.Hosting.Lifetime"}""")]
    [InlineData("W/\"9f86d081884c7d65\" page 12 of 400 at offset 1234567890")]
    [InlineData("snowflake 1234567890123456789 epoch 1700000000")]
    [InlineData("""HttpMessageHandler expired after 120000ms for client 'payments' {"ClientName":"payments","memberName":"HandleAsync","driverName": "Npgsql"}""")]
    [InlineData("ClientName=Unleash driver_name: Npgsql 10, client name: Payments")]
    public void What_only_looks_like_a_value_is_left_alone(string text) =>
        Assert.Empty(Detector.Detect(text).Select(match => $"{match} '{match.ValueIn(text)}'"));

    // What Microsoft.Extensions.Http logs of an HttpClient.
    [Theory]
    [InlineData("ClientName", "payments")]
    [InlineData("ClientName", "Platform.Unleash.Client")]
    [InlineData("memberName", "HandleAsync")]
    [InlineData("TypeFullName", "Platform.Domain.Orders.PlaceOrder")]
    [InlineData("FullName", "Platform.Domain.Orders.PlaceOrder")]
    public void The_name_of_a_program_in_a_field_is_left_alone(string field, string value) =>
        Assert.Empty(Detector.Detect(value, field).Concat(Detector.Detect($"{{\"{field}\":\"{value}\"}}")).Select(match => $"{match}"));

    [Fact]
    public void Thirty_thousand_clean_log_lines_have_one_false_hit_at_most()
    {
        // The suite looks at a million.
        var log = new LogLines(seed: 7);
        var hits = new List<string>();
        for (var i = 0; i < 30_000; i++)
        {
            var line = log.Next();
            if (Detector.Contains(line))
            {
                hits.AddRange(Detector.Detect(line).Select(match => $"{match} '{match.ValueIn(line)}' in {line}"));
            }
        }

        Assert.True(hits.Count <= 1, string.Join('\n', hits.Take(20)));
    }
}
