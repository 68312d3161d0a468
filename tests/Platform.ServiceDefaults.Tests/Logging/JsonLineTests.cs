using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Platform.ServiceDefaults.Logging;

namespace Platform.ServiceDefaults.Tests.Logging;

public sealed class JsonLineTests
{
    [Fact]
    public void Line_holds_what_was_logged_in_named_fields()
    {
        using var log = new LogCapture();
        log.Logger.LogWarning(new EventId(7, "OrderLate"), "Order {OrderId} is {Days} days late", "o-1", 3);

        var line = log.Single();
        Assert.Equal("Warning", line.GetProperty("level").GetString());
        Assert.Equal("Shop.Orders", line.GetProperty("category").GetString());
        Assert.Equal("shop", line.GetProperty("service").GetString());
        Assert.Equal("Order o-1 is 3 days late", line.GetProperty("message").GetString());
        Assert.Equal("Order {OrderId} is {Days} days late", line.GetProperty("template").GetString());
        Assert.Equal(7, line.GetProperty("event").GetProperty("id").GetInt32());
        Assert.Equal("OrderLate", line.GetProperty("event").GetProperty("name").GetString());
        Assert.Equal("o-1", line.GetProperty("state").GetProperty("OrderId").GetString());
        Assert.Equal(3, line.GetProperty("state").GetProperty("Days").GetInt32());
        Assert.InRange(line.GetProperty("timestamp").GetDateTimeOffset(), TimeProvider.System.GetUtcNow().AddMinutes(-1), TimeProvider.System.GetUtcNow());
        Assert.EndsWith("Z", line.GetProperty("timestamp").GetString(), StringComparison.Ordinal);
        Assert.False(line.TryGetProperty("trace_id", out _));
    }

    [Fact]
    public void Line_names_the_trace_and_span_it_was_written_in()
    {
        using var log = new LogCapture();
        using var activity = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();
        log.Logger.LogInformation("x");

        var line = log.Single();
        Assert.Equal(activity.TraceId.ToHexString(), line.GetProperty("trace_id").GetString());
        Assert.Equal(activity.SpanId.ToHexString(), line.GetProperty("span_id").GetString());
    }

    [Fact]
    public void Of_two_scopes_with_one_name_the_inner_counts()
    {
        using var log = new LogCapture();
        using (log.Logger.BeginScope(new Dictionary<string, object?> { ["Tenant"] = "outer", ["user"] = 1 }))
        using (log.Logger.BeginScope("Import of {Tenant}", "inner"))
        using (log.Logger.BeginScope("just text"))
        {
            log.Logger.LogInformation("x");
        }

        var scope = log.Single().GetProperty("scope");
        Assert.Equal("inner", scope.GetProperty("Tenant").GetString());
        Assert.Equal(1, scope.GetProperty("user").GetInt32());
        Assert.Equal("just text", scope.GetProperty("scope").GetString());
        Assert.Equal(3, scope.EnumerateObject().Count());
    }

    [Fact]
    public void Exception_is_an_object_with_type_message_and_stack()
    {
        using var log = new LogCapture();
        try
        {
            throw new InvalidOperationException("outer\nline", new IOException("inner"));
        }
        catch (InvalidOperationException failure)
        {
            log.Logger.LogError(failure, "Failed");
        }

        var exception = log.Single().GetProperty("exception");
        Assert.Equal("System.InvalidOperationException", exception.GetProperty("type").GetString());
        Assert.Equal("outer\nline", exception.GetProperty("message").GetString());
        var stack = exception.GetProperty("stacktrace").GetString();
        Assert.Contains("System.IO.IOException: inner", stack, StringComparison.Ordinal);
        Assert.Contains(nameof(Exception_is_an_object_with_type_message_and_stack), stack, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_keep_their_json_type()
    {
        using var log = new LogCapture();
        log.Logger.LogInformation(
            "{Null} {Bool} {Long} {Decimal} {Nan} {Guid} {Day} {Level} {List} {Span}",
            null, true, long.MaxValue, 1.50m, double.NaN, Guid.Empty, new DateOnly(2026, 1, 2), LogLevel.Debug, new[] { 1, 2 }, TimeSpan.FromSeconds(5));

        var state = log.Single().GetProperty("state");
        Assert.Equal(JsonValueKind.Null, state.GetProperty("Null").ValueKind);
        Assert.True(state.GetProperty("Bool").GetBoolean());
        Assert.Equal(long.MaxValue, state.GetProperty("Long").GetInt64());
        Assert.Equal("1.50", state.GetProperty("Decimal").GetRawText());
        Assert.Equal("NaN", state.GetProperty("Nan").GetString());
        Assert.Equal(Guid.Empty, state.GetProperty("Guid").GetGuid());
        Assert.Equal("01/02/2026", state.GetProperty("Day").GetString());
        Assert.Equal("Debug", state.GetProperty("Level").GetString());
        Assert.Equal("[1,2]", state.GetProperty("List").GetRawText());
        Assert.Equal("00:00:05", state.GetProperty("Span").GetString());
    }

    public static TheoryData<string> HostileTexts() =>
    [
        "a\nb", "a\r\nb", "\u2028\u2029\u0085\u000b\u000c", "\0\u0001\u001f\u007f", "\"}\\{\"", "\ud800", "\udc00x", "x\ud83d", "\ufeff\uffff",
        "</script>", new string('x', 1_000_000), new string('\u0001', 100_000), string.Concat(Enumerable.Repeat("😀", 50_000)),
    ];

    [Theory]
    [MemberData(nameof(HostileTexts))]
    public void Hostile_text_anywhere_leaves_one_whole_line(string text)
    {
        using var log = new LogCapture();
        using (log.Logger.BeginScope(new Dictionary<string, object?> { [text] = text, ["scope"] = text }))
        {
            log.Logger.Log(
                LogLevel.Error, new EventId(1, text), new List<KeyValuePair<string, object?>> { new(text, text), new("list", new[] { text, text }), new("{OriginalFormat}", text) },
                new InvalidOperationException(text), (_, _) => text);
        }

        var line = Assert.Single(log.Lines());
        using var parsed = JsonDocument.Parse(line);
        Assert.InRange(Encoding.UTF8.GetByteCount(line), 1, log.Options.MaxLineBytes - 1);
        var message = parsed.RootElement.GetProperty("message").GetString()!;
        if (text.Length < 100)
        {
            Assert.Equal(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)), message);
        }
        else
        {
            Assert.True(parsed.RootElement.GetProperty("truncated").GetBoolean());
            Assert.StartsWith(message[..20], text, StringComparison.Ordinal);
        }

        Assert.Equal("System.InvalidOperationException", parsed.RootElement.GetProperty("exception").GetProperty("type").GetString());
    }

    [Theory]
    [InlineData(4 * 1024)]
    [InlineData(32 * 1024)]
    [InlineData(256 * 1024)]
    public void Line_never_passes_its_limit_however_many_fields(int limit)
    {
        using var log = new LogCapture(new LoggingOptions { MaxLineBytes = limit });
        var fields = Enumerable.Range(0, 2_000)
            .Select(i => new KeyValuePair<string, object?>($"{i}\u0001" + new string('n', i), i % 3 == 0 ? i : new string('\u0002', i)))
            .ToList();
        using (log.Logger.BeginScope(fields))
        {
            log.Logger.Log(LogLevel.Information, default, fields, new InvalidOperationException(new string('\u0003', 50_000)), (_, _) => new string('\u0004', 50_000));
        }

        var line = Assert.Single(log.Lines());
        Assert.InRange(Encoding.UTF8.GetByteCount(line), limit / 2, limit - 1);
        var root = JsonDocument.Parse(line).RootElement;
        Assert.True(root.GetProperty("truncated").GetBoolean());
        Assert.True(root.TryGetProperty("exception", out _));
    }

    [Fact]
    public void Values_that_throw_cost_their_own_text_only()
    {
        using var log = new LogCapture();
        log.Logger.LogError(new ThrowingException(), "Got {Bad} and {Good}", new Throwing(), "good");

        var line = log.Single();
        Assert.Equal("(Throwing threw NotSupportedException)", line.GetProperty("state").GetProperty("Bad").GetString());
        Assert.Equal("good", line.GetProperty("state").GetProperty("Good").GetString());
        Assert.StartsWith("Got {Bad} and {Good} (the message could not be formatted", line.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("threw", line.GetProperty("exception").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Value_that_logs_while_it_is_written_does_not_mix_the_lines()
    {
        using var log = new LogCapture();
        log.Logger.Log(
            LogLevel.Information, default, new List<KeyValuePair<string, object?>> { new("self", new Talkative(log.Logger)) }, null, (_, _) => "outer");

        var lines = log.Parsed();
        Assert.Equal(["inner", "outer"], lines.Select(line => line.GetProperty("message").GetString()));
        Assert.Equal("said", lines[1].GetProperty("state").GetProperty("self").GetString());
    }

    [Fact]
    public void Lazy_sequence_is_not_run_for_the_log()
    {
        using var log = new LogCapture();
        var runs = 0;
        var lazy = Enumerable.Range(0, 3).Select(i => runs++);
        log.Logger.Log(LogLevel.Information, default, new List<KeyValuePair<string, object?>> { new("lazy", lazy) }, null, (_, _) => "x");

        Assert.Single(log.Parsed());
        Assert.Equal(0, runs);
    }

    private sealed class Throwing
    {
        public override string ToString() => throw new NotSupportedException();
    }

#pragma warning disable CA1032, CA1064 // An exception that is never thrown, made to misbehave.
    private sealed class ThrowingException : Exception
#pragma warning restore CA1032, CA1064
    {
        public override string Message => throw new NotSupportedException();
    }

    private sealed class Talkative(ILogger logger)
    {
        public override string ToString()
        {
            logger.LogInformation("inner");
            return "said";
        }
    }
}
