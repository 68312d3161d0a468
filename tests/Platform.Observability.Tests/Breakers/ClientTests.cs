using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Platform.Interception;
using Platform.Observability.Tests.Support;
using Platform.Resilience;
using Platform.ServiceDefaults.Errors;
using Platform.ServiceDefaults.Resilience;
using Platform.Telemetry;
using Polly;

namespace Platform.Observability.Tests.Breakers;

public sealed class ClientTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Client_with_a_breaker_stops_asking_a_server_that_fails()
    {
        var asked = 0;
        await using var server = await TestHost.StartAsync(map: app => app.MapGet("/", () =>
        {
            Interlocked.Increment(ref asked);
            return Results.StatusCode(500);
        }));
        await using var host = await TestHost.StartAsync(
            builder => builder.Services.AddHttpClient("shop").AddCircuitBreaker("shop"), settings: ("Platform:Resilience:Http:MaxRetries", "0"));
        var client = host.Get<IHttpClientFactory>().CreateClient("shop");
        for (var i = 0; i < 5; i++)
        {
            using var response = await client.GetAsync(server.Client.BaseAddress, Cancel);
            Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        }

        await Assert.ThrowsAsync<CircuitBreakerOpenException>(() => client.GetAsync(server.Client.BaseAddress, Cancel));
        Assert.Equal(5, asked);
    }

    [Fact]
    public async Task Storm_of_retries_is_held_to_the_budget()
    {
        var asked = 0;
        await using var server = await TestHost.StartAsync(map: app => app.MapGet("/", () =>
        {
            Interlocked.Increment(ref asked);
            return Results.StatusCode(503);
        }));
        await using var host = await TestHost.StartAsync(settings:
            [("Platform:Resilience:Http:RetryDelay", "00:00:00.001"), ("Platform:Resilience:Http:BreakerMinimumThroughput", "100000")]);
        var client = host.Get<IHttpClientFactory>().CreateClient();
        for (var i = 0; i < 100; i++)
        {
            using var response = await client.GetAsync(server.Client.BaseAddress, Cancel);
        }

        // 100 first tries, the ten that are always there, and one for every fifth; without the budget 400.
        Assert.InRange(asked, 110, 131);
    }

    [Fact]
    public async Task Read_that_takes_long_is_asked_twice_and_a_write_is_not()
    {
        var asked = 0;
        await using var server = await TestHost.StartAsync(map: app => app.MapMethods("/", ["GET", "POST"], async (HttpContext context) =>
        {
            if (Interlocked.Increment(ref asked) % 2 == 1)
            {
                await Task.Delay(1500, context.RequestAborted);
            }

            return "done";
        }));
        await using var host = await TestHost.StartAsync(builder => builder.Services.AddHttpClient("shop").AddHedgedReads(TimeSpan.FromMilliseconds(50)));
        var client = host.Get<IHttpClientFactory>().CreateClient("shop");

        var started = TimeProvider.System.GetTimestamp();
        Assert.Equal("done", await client.GetStringAsync(server.Client.BaseAddress, Cancel));
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalMilliseconds, 40, 1400);
        Assert.Equal(2, asked);

        using var written = await client.PostAsync(server.Client.BaseAddress, null, Cancel);
        Assert.Equal(3, asked);
    }

    [Fact]
    public async Task Second_reads_are_held_to_the_retry_budget()
    {
        var asked = 0;
        await using var server = await TestHost.StartAsync(map: app => app.MapGet("/", async (HttpContext context) =>
        {
            Interlocked.Increment(ref asked);
            await Task.Delay(20, context.RequestAborted);
            return "done";
        }));
        await using var host = await TestHost.StartAsync(builder => builder.Services.AddHttpClient("shop").AddHedgedReads(TimeSpan.FromMilliseconds(1)));
        var client = host.Get<IHttpClientFactory>().CreateClient("shop");
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal("done", await client.GetStringAsync(server.Client.BaseAddress, Cancel));
        }

        // 50 reads, the ten second ones that are always there, and one for every fifth; without the budget 100.
        Assert.InRange(asked, 60, 71);
    }

    [Theory]
    [InlineData(500, null, 2)]
    [InlineData(503, "1", 1)]
    [InlineData(404, null, 1)]
    public async Task Read_that_failed_is_asked_again_unless_the_server_said_later(int status, string? retryAfter, int requests)
    {
        var asked = 0;
        await using var server = await TestHost.StartAsync(map: app => app.MapGet("/", (HttpContext context) =>
        {
            if (Interlocked.Increment(ref asked) > 1)
            {
                return Results.Ok();
            }

            context.Response.Headers.RetryAfter = retryAfter;
            return Results.StatusCode(status);
        }));
        await using var host = await TestHost.StartAsync(
            builder => builder.Services.AddHttpClient("shop").AddHedgedReads(TimeSpan.FromMinutes(1)), settings: ("Platform:Resilience:Http:MaxRetries", "0"));
        using var response = await host.Get<IHttpClientFactory>().CreateClient("shop").GetAsync(server.Client.BaseAddress, Cancel);

        Assert.Equal(requests == 2 ? HttpStatusCode.OK : (HttpStatusCode)status, response.StatusCode);
        Assert.Equal(requests, asked);
    }

    [Fact]
    public async Task Deadline_travels_with_calls_and_ends_the_work_behind_them()
    {
        var left = -1L;
        await using var server = await TestHost.StartAsync(
            builder => builder.AddErrors(),
            app =>
            {
                app.UseErrors();
                app.MapGet("/look", (HttpContext context) => left = long.Parse(context.Request.Headers[Deadline.Header].ToString(), System.Globalization.CultureInfo.InvariantCulture));
                app.MapGet("/hang", (HttpContext context) => Task.Delay(TimeSpan.FromMinutes(1), context.RequestAborted));
            });
        await using var host = await TestHost.StartAsync();
        var client = host.Get<IHttpClientFactory>().CreateClient();
        using (Deadline.Within(TimeSpan.FromSeconds(20), TimeProvider.System))
        {
            await client.GetStringAsync(new Uri(server.Client.BaseAddress!, "/look"), Cancel);
        }

        Assert.InRange(left, 1, 20_000);

        using var request = new HttpRequestMessage(HttpMethod.Get, "/hang");
        request.Headers.Add(Deadline.Header, "150");
        using var response = await server.Client.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        Assert.Contains("TIMEOUT", await response.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);

        using (Deadline.Within(TimeSpan.FromMilliseconds(150), TimeProvider.System))
        {
            await Assert.ThrowsAnyAsync<Exception>(() => client.GetStringAsync(new Uri(server.Client.BaseAddress!, "/hang"), Cancel));
        }
    }

    [Fact]
    public async Task Breaker_stands_in_a_polly_pipeline()
    {
        await using var services = new ServiceCollection().AddLogging().AddCircuitBreakers().BuildServiceProvider();
        var breaker = services.GetRequiredService<CircuitBreakers>().Get("polly");
        var pipeline = new ResiliencePipelineBuilder().AddCircuitBreaker(breaker).Build();
        for (var i = 0; i < 4; i++)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await pipeline.ExecuteAsync<int>(_ => throw new InvalidOperationException(), Cancel));
        }

        await Assert.ThrowsAsync<CircuitBreakerOpenException>(async () => await pipeline.ExecuteAsync<int>(_ => throw new InvalidOperationException(), Cancel));
        await Assert.ThrowsAsync<CircuitBreakerOpenException>(async () => await pipeline.ExecuteAsync(_ => ValueTask.FromResult(1), Cancel));
    }

    [Fact]
    public async Task Attributes_guard_and_trace_methods_of_every_shape()
    {
        using var listener = new ActivityListener { ShouldListenTo = source => source.Name == Tracing.SourceName, Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded };
        var spans = new List<Activity>();
        listener.ActivityStopped = spans.Add;
        ActivitySource.AddActivityListener(listener);
        await using var services = new ServiceCollection().AddLogging().AddCircuitBreakers().AddTransient<IShop, Shop>().Intercept<IShop>().BuildServiceProvider();
        var shop = services.GetRequiredService<IShop>();

        Assert.Equal(3, await shop.CountAsync("books", "secret", Cancel));
        Assert.Equal(4, await shop.FastAsync());
        Assert.Equal(5, shop.Now());
        Assert.Equal("books", await shop.EchoAsync("books", Cancel));
        Assert.Equal(7, await shop.EchoAsync(7, Cancel));
        var flush = shop.FlushAsync();
        Assert.DoesNotContain(spans, span => span.OperationName == "shop.flush");
        Shop.Made.Flushed.SetResult();
        await flush;
        Assert.Throws<InvalidOperationException>(() => shop.Refuse("here"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => shop.BreakAsync(Cancel));
        for (var i = 0; i < 3; i++)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => shop.BreakAsync(Cancel));
        }

        await Assert.ThrowsAsync<CircuitBreakerOpenException>(() => shop.BreakAsync(Cancel));
        await Assert.ThrowsAsync<CircuitBreakerOpenException>(() => shop.BreakAsync(Cancel));
        Assert.Equal(5, Shop.Made.Broken);

        var mine = spans.Where(span => span.OperationName.StartsWith("shop.", StringComparison.Ordinal)).ToArray();
        var count = mine.Single(span => span.OperationName == "shop.count");
        Assert.Equal("books", count.GetTagItem("arg.category"));
        Assert.DoesNotContain(count.TagObjects, tag => Equals(tag.Value, "secret"));
        Assert.Contains(mine, span => span.OperationName == "shop.fast");
        Assert.Contains(mine, span => span.OperationName == "shop.now");
        Assert.Equal(["books", 7], mine.Where(span => span.OperationName == "shop.echo").Select(span => span.GetTagItem("arg.value")));
        Assert.Contains(mine, span => span.OperationName == "shop.flush");
        var refused = mine.Single(span => span.OperationName == "shop.refuse");
        Assert.Equal((ActivityStatusCode.Error, "here"), (refused.Status, refused.GetTagItem("arg.why")));
        Assert.All(mine.Where(span => span.OperationName == "shop.break"), span => Assert.Equal(ActivityStatusCode.Error, span.Status));
        Assert.Contains(mine.First(span => span.OperationName == "shop.break").Events, @event => @event.Name == "exception");
    }

    public interface IShop
    {
        [Traced("shop.count")]
        Task<int> CountAsync([SafeToTrace] string category, string key, CancellationToken cancellationToken);

        ValueTask<int> FastAsync();

        int Now();

        Task BreakAsync(CancellationToken cancellationToken);

        [CircuitBreaker("shop_echo")]
        Task<T> EchoAsync<T>(T value, CancellationToken cancellationToken);

        [Traced("shop.flush")]
        ValueTask FlushAsync();

        [Traced("shop.refuse")]
        void Refuse([SafeToTrace] string why);
    }

    private sealed class Shop : IShop
    {
        public static Calls Made { get; } = new();

        public async Task<int> CountAsync(string category, string key, CancellationToken cancellationToken)
        {
            await Task.Yield();
            return 3;
        }

        [Traced("shop.fast")]
        public async ValueTask<int> FastAsync()
        {
            await Task.Yield();
            return 4;
        }

        [Traced("shop.now")]
        public int Now() => 5;

        [Traced("shop.break")]
        [CircuitBreaker("shop_break")]
        public async Task BreakAsync(CancellationToken cancellationToken)
        {
            Made.Broken++;
            await Task.Yield();
            throw new InvalidOperationException("on purpose");
        }

        [Traced("shop.echo")]
        public async Task<T> EchoAsync<T>([SafeToTrace] T value, CancellationToken cancellationToken)
        {
            await Task.Yield();
            return value;
        }

        public async ValueTask FlushAsync() => await Made.Flushed.Task;

        public void Refuse(string why) => throw new InvalidOperationException(why);

        internal sealed class Calls
        {
            public int Broken { get; set; }

            public TaskCompletionSource Flushed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
