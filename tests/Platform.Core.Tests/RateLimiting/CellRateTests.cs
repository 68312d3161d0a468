using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Time.Testing;
using Platform.RateLimiting;

namespace Platform.Core.Tests.RateLimiting;

public sealed class CellRateTests
{
    private static readonly RateLimit TenASecond = new() { Limit = 10, Window = TimeSpan.FromSeconds(1) };
    private static readonly string[] Caller = ["a"];

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void As_many_as_the_limit_pass_at_once_and_then_one_each_time_one_is_paid_off()
    {
        var rates = new LocalRates(_time);
        var decisions = Enumerable.Range(0, 12).Select(_ => rates.Take(Caller, TenASecond)).ToArray();
        Assert.Equal([9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0, 0], decisions.Select(decision => decision.Remaining));
        Assert.Equal(10, decisions.Count(decision => decision.Allowed));
        Assert.Equal(TimeSpan.FromMilliseconds(100), decisions[^1].RetryAfter);
        _time.Advance(decisions[^1].RetryAfter);
        Assert.True(rates.Take(Caller, TenASecond).Allowed);
        Assert.False(rates.Take(Caller, TenASecond).Allowed);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(9, rates.Take(Caller, TenASecond).Remaining);
    }

    [Fact]
    public void What_is_given_back_can_be_taken_again_and_no_more()
    {
        var rates = new LocalRates(_time);
        Assert.Equal(9, rates.Take(Caller, TenASecond).Remaining);
        Assert.Equal(8, rates.Take(Caller, TenASecond).Remaining);
        rates.GiveBack(Caller, TenASecond);
        Assert.Equal(8, rates.Take(Caller, TenASecond).Remaining);
        for (var i = 0; i < 20; i++)
        {
            rates.GiveBack(Caller, TenASecond);
        }

        Assert.Equal(9, rates.Take(Caller, TenASecond).Remaining);
    }

    [Fact]
    public void Steady_caller_gets_the_rate()
    {
        var rates = new LocalRates(_time);
        var passed = 0;
        for (var i = 0; i < 10_000; i++)
        {
            passed += rates.Take(Caller, TenASecond).Allowed ? 1 : 0;
            _time.Advance(TimeSpan.FromMilliseconds(10));
        }

        // A hundred seconds at ten a second, and what was free at first.
        Assert.InRange(passed, 1_000, 1_010);
    }

    [Fact]
    public void One_caller_takes_nothing_from_another_and_a_request_for_two_counts_for_both_or_none()
    {
        var rates = new LocalRates(_time);
        for (var i = 0; i < 20; i++)
        {
            rates.Take(Caller, TenASecond);
        }

        Assert.True(rates.Take(["b"], TenASecond).Allowed);
        Assert.False(rates.Take(["a", "b"], TenASecond).Allowed);
        Assert.Equal(8, rates.Take(["b"], TenASecond).Remaining);
    }

    [Fact]
    public async Task Threads_that_race_pass_exactly_as_often_as_allowed()
    {
        var rates = new LocalRates(_time);
        var limit = new RateLimit { Limit = 500, Window = TimeSpan.FromMinutes(1) };
        var passed = 0;
        await Parallel.ForAsync(0, 2_000, TestContext.Current.CancellationToken, (_, _) =>
        {
            if (rates.Take(Caller, limit).Allowed)
            {
                Interlocked.Increment(ref passed);
            }

            return ValueTask.CompletedTask;
        });
        Assert.Equal(500, passed);
    }

    [Fact]
    public void Share_of_the_limit_is_at_least_one_request()
    {
        var rates = new LocalRates(_time);
        Assert.Equal(4, rates.Take(["c"], TenASecond, share: 2).Remaining);
        Assert.True(rates.Take(["d"], TenASecond, share: 100).Allowed);
    }

    [Fact]
    public void Options_that_make_no_sense_are_refused()
    {
        var options = new RateLimitOptions();
        Assert.Empty(options.Validate(new ValidationContext(options)));
        options.Classes["a\"b"] = new RateLimit { Limit = 1 };
        options.Classes["none"] = new RateLimit();
        Assert.Equal(2, options.Validate(new ValidationContext(options)).Count());
    }
}
