using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Platform.ServiceDefaults.Tests.Logging;

/// <summary>The text of a line is made without asking the logging framework for it; it has to be the same.</summary>
public sealed class MessageTextTests
{
    public static TheoryData<string, object?[]> Calls => new()
    {
        { "plain", [] },
        { "braces {{stay}} as they are", [] },
        { "{A} and {B}", ["one", 2] },
        { "{A} and {A}", ["one", "two"] },
        { "{Braces}: {{{Value}}}", ["x", 7] },
        { "{Missing}", [null] },
        { "{Ratio:F3} {Percent:P1} {Hex:X4}", [1.23456, 0.25, 255] },
        { "{Aligned,10}|{Left,-5}|", ["a", "b"] },
        { "{Time:O}", [new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2))] },
        { "{Id} {Flag} {Level} {Char}", [new Guid("01900000-0000-7000-8000-000000000001"), true, LogLevel.Error, 'c'] },
        { "{List}", [new[] { 1, 2, 3 }] },
        { "{Money}", [12.50m] },
        { "{Span} {Version}", [TimeSpan.FromSeconds(90), new Version(1, 2)] },
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public void Text_is_that_of_the_framework(string template, object?[] values)
    {
        var before = CultureInfo.CurrentCulture;
        var other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        other.NumberFormat.NumberDecimalSeparator = ",";
        CultureInfo.CurrentCulture = other;
        try
        {
            using var log = new LogCapture();
            var plain = new PlainText();
#pragma warning disable CA2254 // That is what is tested.
            log.Logger.LogInformation(template, values);
            plain.LogInformation(template, values);
#pragma warning restore CA2254
            Assert.Equal(plain.Text, log.Single().GetProperty("message").GetString());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Text_of_generated_messages_is_that_of_the_framework()
    {
        using var log = new LogCapture();
        var plain = new PlainText();
        List<string> expected = [];
        foreach (var logger in new ILogger[] { log.Logger, plain })
        {
            Texts.Swapped(logger, "second", 1.5, "first");
            Texts.Many(logger, 1, "b", 3, "d", 5, "f", 7);
            Texts.None(logger);
        }

        expected.AddRange(plain.Texts);
        Assert.Equal(expected, log.Parsed().Select(line => line.GetProperty("message").GetString()));
    }

    [Fact]
    public void Line_allocates_nothing()
    {
        using var log = new LogCapture(new() { QueueBytes = 64 * 1024 * 1024 });
        using var activity = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();
        using var scope = log.Logger.BeginScope(new KeyValuePair<string, object?>[] { new("tenant", "blue") });
        var allocated = new List<long>();
        for (var round = 0; round < 40; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 50; i++)
            {
                Texts.Shipped(log.Logger, "01980000-0000-7000-8000-000000000000", "post");
            }

            allocated.Add(GC.GetAllocatedBytesForCurrentThread() - before);
            log.Logger.LogCritical("written before the next round");
        }

        // The best round: the queue's buffer grows in the first ones.
        Assert.Equal(0, allocated.Min());
    }

    private sealed class PlainText : ILogger
    {
        public List<string> Texts { get; } = [];

        public string Text => Texts[^1];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Texts.Add(formatter(state, exception));
    }
}

internal static partial class Texts
{
    [LoggerMessage(1, LogLevel.Information, "{First} before {Second}, by {Ratio:F2}")]
    public static partial void Swapped(ILogger logger, string second, double ratio, string first);

    [LoggerMessage(2, LogLevel.Information, "{A} {B} {C} {D} {E} {F} {G}")]
    public static partial void Many(ILogger logger, int a, string b, int c, string d, int e, string f, int g);

    [LoggerMessage(3, LogLevel.Information, "Nothing in {{braces}}")]
    public static partial void None(ILogger logger);

    [LoggerMessage(4, LogLevel.Information, "Order {OrderId} was shipped by {Carrier}")]
    public static partial void Shipped(ILogger logger, string orderId, string carrier);
}
