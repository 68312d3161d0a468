using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Platform.ServiceDefaults.Http;
using Platform.ServiceDefaults.Tests.Support;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Timeout;

namespace Platform.ServiceDefaults.Tests.Resilience;

public sealed class ResilientClientTests
{
    private static readonly (string, string?) Quick = ("Platform:Resilience:Http:RetryDelay", "00:00:00.001");

    [Theory]
    [InlineData("GET", false, true)]
    [InlineData("HEAD", false, true)]
    [InlineData("OPTIONS", false, true)]
    [InlineData("PUT", false, true)]
    [InlineData("DELETE", false, true)]
    [InlineData("POST", false, false)]
    [InlineData("PATCH", false, false)]
    [InlineData("QUERY", false, false)]
    [InlineData("POST", true, true)]
    [InlineData("PATCH", true, true)]
    public async Task Request_is_repeated_only_if_that_is_safe(string method, bool withKey, bool repeated)
    {
        await using var server = await StubServer.StartAsync((context, count) =>
        {
            context.Response.StatusCode = count == 1 ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
            return Task.CompletedTask;
        });
        await using var app = await TestApp.StartAsync(settings: Quick);
        using var request = new HttpRequestMessage(new HttpMethod(method), server.Address);
        if (method is "POST" or "PUT" or "PATCH")
        {
            request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        }

        if (withKey)
        {
            request.Headers.Add(HeaderNames.IdempotencyKey, "k-1");
        }

        using var response = await Client(app).SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(repeated ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(repeated ? 2 : 1, server.Requests.Count);
        Assert.Single(server.Requests.Select(seen => Encoding.UTF8.GetString(seen.Body)).Distinct());
    }

    [Fact]
    public async Task Body_that_can_be_read_once_is_sent_once()
    {
        await using var server = await StubServer.StartAsync(Answer(StatusCodes.Status503ServiceUnavailable));
        await using var app = await TestApp.StartAsync(settings: Quick);
        using var content = new StreamContent(new MemoryStream([1, 2, 3]));
        using var response = await Client(app).PutAsync(server.Address, content, TestContext.Current.CancellationToken);

        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(StatusCodes.Status400BadRequest)]
    [InlineData(StatusCodes.Status404NotFound)]
    [InlineData(StatusCodes.Status409Conflict)]
    [InlineData(StatusCodes.Status422UnprocessableEntity)]
    public async Task Refusal_is_not_repeated(int status)
    {
        await using var server = await StubServer.StartAsync(Answer(status));
        await using var app = await TestApp.StartAsync(settings: Quick);
        using var response = await Client(app).GetAsync(server.Address, TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 3)]
    public async Task Retries_end(int retries, int requests)
    {
        await using var server = await StubServer.StartAsync(Answer(StatusCodes.Status500InternalServerError));
        await using var app = await TestApp.StartAsync(settings: [Quick, ("Platform:Resilience:Http:MaxRetries", $"{retries}")]);
        using var response = await Client(app).GetAsync(server.Address, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal(requests, server.Requests.Count);
    }

    [Fact]
    public async Task Server_that_never_answers_is_given_up()
    {
        await using var server = await StubServer.StartAsync((context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted));
        await using var app = await TestApp.StartAsync(settings:
        [
            Quick,
            ("Platform:Resilience:Http:AttemptTimeout", "00:00:00.200"),
            ("Platform:Resilience:Http:TotalTimeout", "00:00:02"),
            ("Platform:Resilience:Http:MaxRetries", "1"),
        ]);

        await Assert.ThrowsAsync<TimeoutRejectedException>(() => Client(app).GetAsync(server.Address, TestContext.Current.CancellationToken));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Breaker_opens_for_the_failing_destination_only()
    {
        await using var failing = await StubServer.StartAsync(Answer(StatusCodes.Status500InternalServerError));
        await using var healthy = await StubServer.StartAsync(Answer(StatusCodes.Status200OK));
        await using var app = await TestApp.StartAsync(settings:
            [("Platform:Resilience:Http:MaxRetries", "0"), ("Platform:Resilience:Http:BreakerMinimumThroughput", "5")]);
        var client = Client(app);
        for (var i = 0; i < 5; i++)
        {
            using var failed = await client.GetAsync(failing.Address, TestContext.Current.CancellationToken);
        }

        await Assert.ThrowsAsync<BrokenCircuitException>(() => client.GetAsync(failing.Address, TestContext.Current.CancellationToken));
        Assert.Equal(5, failing.Requests.Count);
        using var response = await client.GetAsync(healthy.Address, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Too_many_requests_at_once_are_refused_here_rather_than_there()
    {
        var release = new TaskCompletionSource();
        await using var server = await StubServer.StartAsync((_, _) => release.Task);
        await using var app = await TestApp.StartAsync(settings: ("Platform:Resilience:Http:MaxConcurrency", "2"));
        var client = Client(app);
        Task<HttpResponseMessage>[] underWay = [client.GetAsync(server.Address, TestContext.Current.CancellationToken), client.GetAsync(server.Address, TestContext.Current.CancellationToken)];
        await Until.TrueAsync(() => server.Requests.Count == 2, "two requests under way");

        await Assert.ThrowsAsync<RateLimiterRejectedException>(() => client.GetAsync(server.Address, TestContext.Current.CancellationToken));
        release.SetResult();
        Assert.All(await Task.WhenAll(underWay), response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
    }

    [Fact]
    public async Task Service_is_found_by_its_name()
    {
        await using var server = await StubServer.StartAsync(Answer(StatusCodes.Status200OK));
        await using var app = await TestApp.StartAsync(settings: ("services:payment-gateway:http:0", server.Address.ToString()));
        using var response = await Client(app).GetAsync("https+http://payment-gateway/v1/stats", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("/v1/stats", Assert.Single(server.Requests).Path);
    }

    [Fact]
    public async Task Call_made_for_a_request_carries_its_trace_and_correlation()
    {
        await using var server = await StubServer.StartAsync(Answer(StatusCodes.Status200OK));
        await using var app = await TestApp.StartAsync(map: app => Microsoft.AspNetCore.Builder.EndpointRouteBuilderExtensions.MapGet(
            app, "/call", async (IHttpClientFactory clients) => (await clients.CreateClient().GetAsync(server.Address)).StatusCode.ToString()));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/call");
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        request.Headers.Add(HeaderNames.CorrelationId, "caller-1");
        using var response = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);

        var seen = Assert.Single(server.Requests);
        Assert.StartsWith("00-0af7651916cd43dd8448eb211c80319c-", seen.Headers["traceparent"].ToString(), StringComparison.Ordinal);
        Assert.Equal("caller-1", seen.Headers[HeaderNames.CorrelationId].ToString());
    }

    [Fact]
    public async Task Timeouts_that_contradict_each_other_stop_the_start()
    {
        var failure = await Record.ExceptionAsync(() => TestApp.StartAsync(settings:
            [("Platform:Resilience:Http:AttemptTimeout", "00:00:10"), ("Platform:Resilience:Http:TotalTimeout", "00:00:05")]));
        Assert.Contains("TotalTimeout must be more than AttemptTimeout", failure?.ToString(), StringComparison.Ordinal);
    }

    private static HttpClient Client(TestApp app) => app.Services.GetRequiredService<IHttpClientFactory>().CreateClient("test");

    private static Func<HttpContext, int, Task> Answer(int status) => (context, _) =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };
}
