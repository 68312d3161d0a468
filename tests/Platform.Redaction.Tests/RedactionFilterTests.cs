using System.Text;

namespace Platform.Redaction.Tests;

public sealed class RedactionFilterTests
{
    [Fact]
    public async Task Lines_come_out_redacted_and_otherwise_as_they_were()
    {
        var (code, output, _) = await RunAsync("one\r\nmail john.doe@example.com\n\n(555) 123-4567");

        Assert.Equal(0, code);
        Assert.Equal("one\r\nmail j***@e***.com\n\n***-***-4567", output);
    }

    [Fact]
    public async Task A_private_key_over_several_lines_is_taken_out_whole()
    {
        var (_, output, _) = await RunAsync("a\n-----BEGIN PRIVATE KEY-----\nMIIB\nMIIC\n-----END PRIVATE KEY-----\nb\n");

        Assert.Equal("a\n[redacted]\nb\n", output);
    }

    [Fact]
    public async Task Detect_writes_one_array_a_line()
    {
        var (_, output, _) = await RunAsync("é😀 john.doe@example.com\nnothing\n", "--detect");

        Assert.Equal("""[{"type":"email","start":4,"end":24,"confidence":1}]""" + "\n[]\n", output);
    }

    [Fact]
    public async Task Json_lines_may_hold_line_feeds_and_lone_surrogates()
    {
        var (_, detected, _) = await RunAsync("\"a\\n\\ud800 078-05-1123\"\n", "--detect", "--json");
        var (_, redacted, _) = await RunAsync("\"a\\n\\ud800 \\\"078-05-1123\"\n", "--json");

        Assert.Equal("""[{"type":"us_ssn","start":4,"end":15,"confidence":0.85}]""" + "\n", detected);
        Assert.Equal("\"a\\u000a\\ud800 \\\"***-**-1123\"\n", redacted);
    }

    [Fact]
    public async Task What_is_no_json_string_ends_it_with_the_number_of_the_line()
    {
        var (code, output, errors) = await RunAsync("\"a\"\nb\n", "--json");

        Assert.Equal((2, "\"a\"\n"), (code, output));
        Assert.Contains("Line 2", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_option_shows_the_usage()
    {
        var (code, _, errors) = await RunAsync("", "--what");

        Assert.Equal(2, code);
        Assert.Contains("--detect", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_detect_shows_redact_takes_out()
    {
        var values = SharedCase.All.Where(of => of.Count > 0 && !of.Text.Contains('\n')).Select(of => of.Text).ToList();
        var (_, redacted, _) = await RunAsync(string.Join('\n', values));
        var detector = new PiiDetector(new() { BareValues = true });

        var survivors = values.Zip(redacted.Split('\n')).Where(pair => detector.Detect(pair.First).Any(match =>
            match.Length > 4 && pair.Second.Contains(match.ValueIn(pair.First), StringComparison.Ordinal)));

        Assert.Empty(survivors);
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(string input, params string[] arguments)
    {
        using var output = new MemoryStream();
        using var errors = new StringWriter();
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(input));
        var code = await RedactionFilter.RunAsync(arguments, stream, output, errors, TestContext.Current.CancellationToken);
        return (code, Encoding.UTF8.GetString(output.ToArray()), errors.ToString());
    }
}
