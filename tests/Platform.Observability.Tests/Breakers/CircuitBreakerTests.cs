using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Platform.Errors;
using Platform.Resilience;

namespace Platform.Observability.Tests.Breakers;

public sealed class CircuitBreakerTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly IConfigurationRoot _configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
    {
        ["Platform:Resilience:Breakers:default:BreakDuration"] = "00:00:05",
        ["Platform:Resilience:Breakers:gentle:ConsecutiveFailures"] = "0",
        ["Platform:Resilience:Breakers:gentle:MinimumThroughput"] = "10",
        ["Platform:Resilience:Breakers:narrow:MaxConcurrency"] = "2",
    }).Build();

    private readonly ServiceProvider _services;

    public CircuitBreakerTests() => _services = new ServiceCollection()
        .AddSingleton<TimeProvider>(_time)
        .AddSingleton<IConfiguration>(_configuration)
        .AddLogging()
        .AddCircuitBreakers()
        .BuildServiceProvider();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private CircuitBreakers Breakers => _services.GetRequiredService<CircuitBreakers>();

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task Five_failures_in_a_row_open_it_and_the_fifth_says_so()
    {
        var breaker = Breakers.Get("b");
        for (var i = 0; i < 4; i++)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => FailAsync(breaker));
        }

        var opened = await Assert.ThrowsAsync<CircuitBreakerOpenException>(() => FailAsync(breaker));
        Assert.IsType<InvalidOperationException>(opened.InnerException);
        Assert.Equal(TimeSpan.FromSeconds(5), opened.RetryAfter);

        _time.Advance(TimeSpan.FromSeconds(2));
        var called = false;
        var refused = await Assert.ThrowsAsync<CircuitBreakerOpenException>(() => breaker.ExecuteAsync(_ =>
        {
            called = true;
            return Task.CompletedTask;
        }, Cancel));
        Assert.False(called);
        Assert.Null(refused.InnerException);
        Assert.Equal(TimeSpan.FromSeconds(3), refused.RetryAfter);
    }

    [Fact]
    public async Task Success_in_between_forgets_the_row()
    {
        var breaker = Breakers.Get("b");
        for (var i = 0; i < 20; i++)
        {
            await Assert.ThrowsAnyAsync<Exception>(() => FailAsync(breaker));
            await SucceedAsync(breaker);
            await SucceedAsync(breaker);
        }

        Assert.Equal(CircuitState.Closed, breaker.Snapshot.State);
    }

    [Fact]
    public async Task Share_of_failures_opens_it_only_with_enough_calls_and_only_within_the_window()
    {
        var breaker = Breakers.Get("gentle");
        for (var i = 0; i < 9; i++)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => FailAsync(breaker));
        }

        _time.Advance(TimeSpan.FromSeconds(60));
        for (var i = 0; i < 4; i++)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => FailAsync(breaker));
            await SucceedAsync(breaker);
        }

        await SucceedAsync(breaker);
        Assert.Equal(CircuitState.Closed, breaker.Snapshot.State);
        await Assert.ThrowsAsync<CircuitBreakerOpenException>(() => FailAsync(breaker));
        Assert.Equal(CircuitState.Open, breaker.Snapshot.State);
    }

    [Fact]
    public async Task One_call_tries_when_the_time_is_over_and_each_try_that_fails_doubles_the_wait()
    {
        var breaker = Breakers.Get("b");
        await OpenAsync(breaker);
        _time.Advance(TimeSpan.FromSeconds(5));

        var release = new TaskCompletionSource();
        var trying = breaker.ExecuteAsync(_ => release.Task, Cancel);
        Assert.Equal(CircuitState.HalfOpen, breaker.Snapshot.State);
        await Assert.ThrowsAsync<CircuitBreakerOpenException>(() => SucceedAsync(breaker));
        release.SetException(new InvalidOperationException());
        await Assert.ThrowsAsync<CircuitBreakerOpenException>(() => trying);
        Assert.Equal(TimeSpan.FromSeconds(10), breaker.Snapshot.RetryAfter);

        for (var i = 0; i < 10; i++)
        {
            _time.Advance(breaker.Snapshot.RetryAfter);
            await Assert.ThrowsAsync<CircuitBreakerOpenException>(() => FailAsync(breaker));
        }

        Assert.Equal(TimeSpan.FromMinutes(1), breaker.Snapshot.RetryAfter);
        _time.Advance(TimeSpan.FromMinutes(1));
        await SucceedAsync(breaker);
        Assert.Equal((CircuitState.Closed, 0), (breaker.Snapshot.State, breaker.Snapshot.Failures));
    }

    [Fact]
    public async Task Dependency_that_accepts_and_never_answers_counts_as_failing()
    {
        var breaker = Breakers.Get("b");
        for (var i = 1; i <= 5; i++)
        {
            // It does not even listen to its token.
            var call = breaker.ExecuteAsync(_ => new TaskCompletionSource().Task, Cancel);
            _time.Advance(TimeSpan.FromSeconds(30));
            var failure = await Assert.ThrowsAnyAsync<Exception>(() => call);
            Assert.IsType<TimeoutException>(i < 5 ? failure : failure.InnerException);
        }

        Assert.Equal(CircuitState.Open, breaker.Snapshot.State);
    }

    [Fact]
    public async Task Caller_that_gives_up_and_refusals_of_what_was_asked_are_no_failures()
    {
        var breaker = Breakers.Get("b");
        for (var i = 0; i < 10; i++)
        {
            using var gaveUp = new CancellationTokenSource();
            var call = breaker.ExecuteAsync(token => Task.Delay(Timeout.Infinite, token), gaveUp.Token);
            await gaveUp.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
            await Assert.ThrowsAsync<ErrorException>(() => breaker.ExecuteAsync<int>(_ => throw ErrorException.NotFound("order", 1), cancellationToken: Cancel));
            await Assert.ThrowsAsync<HttpRequestException>(() => breaker.ExecuteAsync<int>(
                _ => throw new HttpRequestException(null, null, System.Net.HttpStatusCode.UnprocessableEntity), cancellationToken: Cancel));
        }

        Assert.Equal((CircuitState.Closed, 0), (breaker.Snapshot.State, breaker.Snapshot.Failures));
    }

    [Fact]
    public async Task Call_that_gives_up_while_it_tries_lets_the_next_one_try()
    {
        var breaker = Breakers.Get("b");
        await OpenAsync(breaker);
        _time.Advance(TimeSpan.FromSeconds(5));
        using var gaveUp = new CancellationTokenSource();
        var trying = breaker.ExecuteAsync(token => Task.Delay(Timeout.Infinite, token), gaveUp.Token);
        await gaveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => trying);
        await SucceedAsync(breaker);
        Assert.Equal(CircuitState.Closed, breaker.Snapshot.State);
    }

    [Fact]
    public async Task Late_word_of_a_call_from_before_it_opened_does_not_close_it()
    {
        var breaker = Breakers.Get("b");
        var release = new TaskCompletionSource();
        var early = breaker.ExecuteAsync(_ => release.Task, Cancel);
        await OpenAsync(breaker);
        release.SetResult();
        await early;
        Assert.Equal(CircuitState.Open, breaker.Snapshot.State);
    }

    [Fact]
    public async Task Fallback_answers_for_a_call_that_is_not_made_and_for_one_that_fails()
    {
        var breaker = Breakers.Get("b");
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal("old", await breaker.ExecuteAsync<string>(_ => throw new InvalidOperationException(), (_, _) => Task.FromResult("old"), Cancel));
        }

        Assert.Equal("old", await breaker.ExecuteAsync(_ => Task.FromResult("new"), (_, _) => Task.FromResult("old"), Cancel));
    }

    [Fact]
    public async Task More_calls_than_may_be_under_way_are_refused_at_once()
    {
        var breaker = Breakers.Get("narrow");
        var release = new TaskCompletionSource();
        Task[] underWay = [breaker.ExecuteAsync(_ => release.Task, Cancel), breaker.ExecuteAsync(_ => release.Task, Cancel)];
        await Assert.ThrowsAsync<BulkheadFullException>(() => SucceedAsync(breaker));
        release.SetResult();
        await Task.WhenAll(underWay);
        await SucceedAsync(breaker);
        Assert.Equal(CircuitState.Closed, breaker.Snapshot.State);
    }

    [Fact]
    public async Task Operator_holds_it_open_or_closed_and_lets_it_go()
    {
        var breaker = Breakers.Get("b");
        breaker.Obey(CircuitOrder.Open);
        await Assert.ThrowsAsync<CircuitBreakerOpenException>(() => SucceedAsync(breaker));
        _time.Advance(TimeSpan.FromHours(1));
        await Assert.ThrowsAsync<CircuitBreakerOpenException>(() => SucceedAsync(breaker));

        breaker.Obey(CircuitOrder.Close);
        for (var i = 0; i < 10; i++)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => FailAsync(breaker));
        }

        breaker.Obey(CircuitOrder.None);
        Assert.Equal((CircuitState.Closed, 0), (breaker.Snapshot.State, breaker.Snapshot.Failures));
        await OpenAsync(breaker);
        breaker.Reset();
        await SucceedAsync(breaker);
    }

    [Fact]
    public async Task Thresholds_change_while_it_runs_and_wrong_ones_change_nothing()
    {
        var breaker = Breakers.Get("b");
        await Assert.ThrowsAsync<InvalidOperationException>(() => FailAsync(breaker));
        _configuration["Platform:Resilience:Breakers:b:ConsecutiveFailures"] = "2";
        _configuration.Reload();
        _configuration["Platform:Resilience:Breakers:b:ConsecutiveFailures"] = "-7";
        _configuration.Reload();
        Assert.Equal(2, breaker.Options.ConsecutiveFailures);
        await Assert.ThrowsAsync<CircuitBreakerOpenException>(() => FailAsync(breaker));
    }

    [Fact]
    public async Task Threads_that_race_for_the_try_send_one()
    {
        var breaker = Breakers.Get("b");
        for (var round = 0; round < 50; round++)
        {
            await OpenAsync(breaker);
            _time.Advance(breaker.Snapshot.RetryAfter);
            var tries = 0;
            var release = new TaskCompletionSource();
            var racing = Enumerable.Range(0, 8).Select(_ => Task.Run(() => breaker.ExecuteAsync(async _ =>
            {
                Interlocked.Increment(ref tries);
                await release.Task;
            }))).ToArray();
            var refused = 0;
            foreach (var racer in racing)
            {
                if (await Task.WhenAny(racer, Task.Delay(200, Cancel)) == racer && racer.IsFaulted)
                {
                    refused++;
                }

                if (refused == 7)
                {
                    break;
                }
            }

            release.SetResult();
            await Task.WhenAny(Task.WhenAll(racing), Task.Delay(1000, Cancel));
            Assert.Equal(1, tries);
        }
    }

    [Fact]
    public void Retry_budget_lets_a_share_through_and_fills_up_again()
    {
        var budget = new RetryBudget(ratio: 0.2, reserve: 2);
        Assert.True(budget.TryWithdraw());
        Assert.True(budget.TryWithdraw());
        Assert.False(budget.TryWithdraw());
        for (var i = 0; i < 5; i++)
        {
            budget.Deposit();
        }

        Assert.True(budget.TryWithdraw());
        Assert.False(budget.TryWithdraw());
    }

    private static Task<int> FailAsync(CircuitBreaker breaker) => breaker.ExecuteAsync<int>(_ => throw new InvalidOperationException(), cancellationToken: Cancel);

    private static Task SucceedAsync(CircuitBreaker breaker) => breaker.ExecuteAsync(_ => Task.CompletedTask, Cancel);

    private static async Task OpenAsync(CircuitBreaker breaker)
    {
        while (breaker.Snapshot.State is not CircuitState.Open)
        {
            await Assert.ThrowsAnyAsync<Exception>(() => FailAsync(breaker));
        }
    }
}
