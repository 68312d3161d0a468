using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Platform.ServiceDefaults.Logging;
using Platform.ServiceDefaults.Tests.Support;

namespace Platform.ServiceDefaults.Tests.Logging;

public sealed class LogStormTests
{
    [Fact]
    public async Task Storm_is_collapsed_with_a_count_and_everything_beside_it_is_written()
    {
        var time = new FakeTimeProvider();
        using var log = new LogCapture(new LoggingOptions { StormThreshold = 10, StormWindow = TimeSpan.FromSeconds(10) }, time);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 250; i++)
            {
                log.Logger.LogError(new InvalidOperationException("down"), "Order {Order} failed", i);
            }
        })));
        log.Logger.LogError("Order {Order} failed", 7);
        log.Logger.LogWarning("Order {Order} is late", 7);
        for (var i = 0; i < 50; i++)
        {
            log.Logger.LogInformation("Order {Order} was placed", i);
        }

        time.Advance(TimeSpan.FromSeconds(10));
        await Until.TrueAsync(() => log.Stream.Text().Contains("\"repeated\":990", StringComparison.Ordinal), "the count");

        // The next window begins anew.
        log.Logger.LogError(new InvalidOperationException("down"), "Order {Order} failed", 1);
        var lines = log.Parsed();
        Assert.Equal(11, lines.Count(line => line.TryGetProperty("exception", out _)));
        Assert.Equal(1, lines.Count(line => line.GetProperty("message").GetString() == "Order 7 is late"));
        Assert.Equal(50, lines.Count(line => line.GetProperty("level").GetString() == "Information"));
        var repeated = Assert.Single(lines, line => line.TryGetProperty("state", out var state) && state.TryGetProperty("repeated", out _));
        Assert.Equal("990 more like this: Order {Order} failed", repeated.GetProperty("message").GetString());
        Assert.Equal("Error", repeated.GetProperty("level").GetString());
        Assert.Equal("Shop.Orders", repeated.GetProperty("category").GetString());
        Assert.Equal("shop", repeated.GetProperty("service").GetString());
    }

    [Fact]
    public void What_was_left_out_is_told_at_the_end_as_well()
    {
        using var log = new LogCapture(new LoggingOptions { StormThreshold = 1 });
        for (var i = 0; i < 5; i++)
        {
            log.Logger.LogWarning("again");
        }

        Assert.Equal(["again", "4 more like this: again"], log.Parsed().Select(line => line.GetProperty("message").GetString()));
    }

    [Fact]
    public void Nothing_is_collapsed_where_that_is_turned_off()
    {
        using var log = new LogCapture(new LoggingOptions { StormThreshold = 0 });
        for (var i = 0; i < 500; i++)
        {
            log.Logger.LogWarning("again");
        }

        Assert.Equal(500, log.Lines().Length);
    }
}
