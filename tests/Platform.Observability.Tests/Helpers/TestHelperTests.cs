using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Platform.Observability.Tests.Support;
using Platform.Resilience;
using Platform.Telemetry;
using Platform.Testing;
using Platform.Testing.Xunit;

namespace Platform.Observability.Tests.Helpers;

/// <summary>The example of docs/observability.md, "In tests", and what the helpers promise.</summary>
public sealed class TestHelperTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Checkout_is_traced_logged_and_within_its_budget_and_says_when_the_bank_is_away()
    {
        var logs = new LogCapture();
        await using var host = await TestHost.StartAsync(
            builder => builder.Logging.AddProvider(logs),
            app => app.MapPost("/checkout", async (CircuitBreakers breakers, ILogger<TestHelperTests> logger, CancellationToken cancellationToken) =>
            {
                using var span = Tracing.Start("charge");
                try
                {
                    await breakers.Get("bank").ExecuteAsync(_ => Task.CompletedTask, cancellationToken);
                }
                catch (CircuitBreakerOpenException)
                {
                    return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
                }

                Messages.Charged(logger, "o-1");
                return Results.Ok();
            }));
        using var spans = SpanCapture.Begin();
        Assert.Equal(StatusCodes.Status200OK, await CheckOutAsync(host, spans));

        await Eventually.BecomesTrueAsync(() => spans.Ended.Any(span => span.Kind is ActivityKind.Server));
        Assert.Equal(spans.Single("POST /checkout").SpanId, spans.Single("charge").ParentSpanId);
        var line = Assert.Single(logs.Lines, line => line.Template == "Order {Order} was charged");
        Assert.Equal((LogLevel.Information, "o-1", spans.TraceId), (line.Level, line.Fields["Order"], line.TraceId));
        host.Services.AssertBudget("POST /checkout");

        using (host.Services.TripBreaker("bank"))
        {
            Assert.Equal(StatusCodes.Status503ServiceUnavailable, await CheckOutAsync(host, spans));
        }

        Assert.Equal(StatusCodes.Status200OK, await CheckOutAsync(host, spans));

        // One of three failed.
        await Eventually.BecomesTrueAsync(() => Throws(host));
        Assert.Throws<BudgetBrokenException>(() => host.Services.AssertBudget("POST /checkout", minimumRequests: 100));
        Assert.Throws<BudgetBrokenException>(() => host.Services.AssertBudget("GET /nowhere"));
        Assert.Throws<InvalidOperationException>(() => spans.Single("charge"));
        Assert.Throws<InvalidOperationException>(() => spans.Single("no such span"));
    }

    [Fact]
    public async Task Tests_side_by_side_do_not_see_each_others_spans()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 20), Cancel, async (i, cancel) =>
        {
            using var spans = SpanCapture.Begin();
            await Task.Delay(1, cancel);
            using (Tracing.Start($"work {i}"))
            {
            }

            Assert.Equal([$"work {i}"], spans.Ended.Select(span => span.DisplayName));
        });
    }

    [Fact]
    public async Task Clock_moves_by_hand()
    {
        var services = new ServiceCollection().AddLogging();
        services.AddCircuitBreaker("bank", breaker => breaker.ConsecutiveFailures = 1);
        FakeTimeProvider clock = services.UseFakeClock();
        await using var provider = services.BuildServiceProvider();
        var breaker = provider.GetRequiredService<CircuitBreakers>().Get("bank");
        await Assert.ThrowsAsync<CircuitBreakerOpenException>(() => breaker.ExecuteAsync(_ => throw new IOException("away"), Cancel));
        await Assert.ThrowsAsync<CircuitBreakerOpenException>(() => breaker.ExecuteAsync(_ => Task.CompletedTask, Cancel));

        clock.Advance(breaker.Options.BreakDuration);
        await breaker.ExecuteAsync(_ => Task.CompletedTask, Cancel);
        Assert.Equal(CircuitState.Closed, breaker.Snapshot.State);
    }

    private static bool Throws(TestHost host)
    {
        try
        {
            host.Services.AssertBudget("POST /checkout", minimumRequests: 3);
            return false;
        }
        catch (BudgetBrokenException broken)
        {
            return broken.Message.Contains("1 of 3 requests failed", StringComparison.Ordinal);
        }
    }

    private static async Task<int> CheckOutAsync(TestHost host, SpanCapture spans)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/checkout");
        request.Headers.Add("traceparent", spans.TraceParent);
        using var response = await host.Client.SendAsync(request, Cancel);
        return (int)response.StatusCode;
    }
}

internal static partial class Messages
{
    [LoggerMessage(1, LogLevel.Information, "Order {Order} was charged")]
    public static partial void Charged(ILogger logger, string order);
}
