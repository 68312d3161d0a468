using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Platform.ServiceDefaults.Logging;
using Platform.ServiceDefaults.Tests.Support;

namespace Platform.ServiceDefaults.Tests.Logging;

public sealed class LineQueueTests
{
    [Fact]
    public async Task Many_threads_lose_nothing_and_each_keeps_its_order()
    {
        using var log = new LogCapture(new LoggingOptions { QueueBytes = 64 * 1024 * 1024 });
        const int Threads = 8, Lines = 2_000;
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < Lines; i++)
            {
                log.Logger.LogInformation("{Thread} {Number}", thread, i);
            }
        })));

        var lines = log.Parsed().Select(line => line.GetProperty("state")).ToLookup(state => state.GetProperty("Thread").GetInt32(), state => state.GetProperty("Number").GetInt32());
        Assert.Equal(Threads, lines.Count);
        Assert.All(lines, thread => Assert.Equal(Enumerable.Range(0, Lines), thread));
        Assert.InRange(log.Stream.Writes, 1, Threads * Lines / 10);
    }

    [Fact]
    public async Task Reader_that_stops_holds_up_nobody_and_the_log_says_what_was_lost()
    {
        var counted = 0L;
        using var meter = new MeterListener();
        meter.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "platform.logging.dropped")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        meter.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref counted, value));
        meter.Start();
        meter.RecordObservableInstruments();
        var before = Interlocked.Exchange(ref counted, 0);

        using var log = new LogCapture(new LoggingOptions { QueueBytes = 64 * 1024 });
        log.Stream.Stop();
        const int Sent = 3_000;
        var filler = new string('x', 100);
        await Task.Run(
            () =>
            {
                for (var i = 0; i < Sent; i++)
                {
                    log.Logger.LogInformation("{Filler}", filler);
                }
            },
            TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        // What people need most still finds room.
        log.Logger.LogError("the reason");
        log.Stream.Resume();

        var lines = log.Parsed();
        var states = lines.Where(line => line.TryGetProperty("state", out _)).Select(line => line.GetProperty("state")).ToArray();
        var dropped = states.Sum(state => state.TryGetProperty("dropped", out var count) ? count.GetInt32() : 0);
        Assert.InRange(dropped, 1, Sent - 1);
        Assert.Equal(Sent, dropped + states.Count(state => state.TryGetProperty("Filler", out _)));
        Assert.Contains(lines, line => line.GetProperty("message").GetString() == "the reason");
        meter.RecordObservableInstruments();
        Assert.InRange(Interlocked.Read(ref counted) - before, dropped, long.MaxValue);
    }

    [Fact]
    public void Critical_line_is_written_before_the_call_returns()
    {
        using var log = new LogCapture();
        log.Logger.LogInformation("before");
        log.Logger.LogCritical("dying");

        var text = log.Stream.Text();
        Assert.Contains("before", text, StringComparison.Ordinal);
        Assert.Contains("dying", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Line_appears_without_anyone_closing_the_log()
    {
        using var log = new LogCapture();
        log.Logger.LogInformation("alone");

        await Until.TrueAsync(() => log.Stream.Text().Contains("alone", StringComparison.Ordinal), "the line");
    }

    [Fact]
    public void Broken_output_is_not_the_callers_concern()
    {
        using var log = new LogCapture();
        log.Stream.Fails = true;
        log.Logger.LogCritical("nobody hears");
        log.Stream.Fails = false;
        log.Logger.LogCritical("back again");

        Assert.Equal("back again", log.Single().GetProperty("message").GetString());
    }

    [Fact]
    public void Lines_after_the_close_are_ignored()
    {
        using var log = new LogCapture();
        log.Logger.LogInformation("last");
        log.Lines();
        log.Logger.LogCritical("too late");

        Assert.Equal(1, log.Stream.Text().Count(c => c == '\n'));
    }

    [Fact]
    public void Usual_line_costs_little_memory()
    {
        using var log = new LogCapture(new LoggingOptions { QueueBytes = 64 * 1024 * 1024 });
        const int Rounds = 20, Lines = 50;
        var allocated = 0L;
        for (var round = 0; round < Rounds * 2; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Lines; i++)
            {
                Messages.Placed(log.Logger, "01980000-0000-7000-8000-000000000000", i);
            }

            allocated += round < Rounds ? 0 : GC.GetAllocatedBytesForCurrentThread() - before;
            log.Logger.LogCritical("written before the next round");
        }

        // The message's text, and the boxes of its values; the framework's JSON console takes 1.5 kB or more.
        Assert.InRange(allocated / (Rounds * Lines), 0, 400);
    }
}

internal static partial class Messages
{
    [LoggerMessage(1, LogLevel.Information, "Order {OrderId} was placed with {Lines} lines")]
    public static partial void Placed(ILogger logger, string orderId, int lines);
}
