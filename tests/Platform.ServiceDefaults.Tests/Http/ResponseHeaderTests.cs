using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Platform.Identity;
using Platform.ServiceDefaults.Http;
using Platform.ServiceDefaults.Tests.Support;
using Platform.Telemetry;

namespace Platform.ServiceDefaults.Tests.Http;

public sealed class ResponseHeaderTests
{
    [Theory]
    [InlineData("/ok", HttpStatusCode.OK)]
    [InlineData("/absent", HttpStatusCode.NotFound)]
    [InlineData("/not-modified", HttpStatusCode.NotModified)]
    [InlineData("/empty", HttpStatusCode.NoContent)]
    [InlineData("/throws", HttpStatusCode.InternalServerError)]
    [InlineData("/clears", HttpStatusCode.InternalServerError)]
    [InlineData("/healthz", HttpStatusCode.OK)]
    [InlineData("/readyz", HttpStatusCode.OK)]
    public async Task Every_response_tells_its_time_trace_and_correlation(string path, HttpStatusCode status)
    {
        await using var app = await StartAsync("Production");
        using var response = await app.Client.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(status, response.StatusCode);
        Assert.InRange(double.Parse(Header(response, HeaderNames.ResponseTime), CultureInfo.InvariantCulture), 0, 60_000);
        Assert.Equal($"total;dur={Header(response, HeaderNames.ResponseTime)}", Header(response, HeaderNames.ServerTiming));
        Assert.Equal(32, Header(response, HeaderNames.TraceId).Length);
        Assert.True(Guid.TryParse(Header(response, HeaderNames.CorrelationId), out _));
    }

    [Fact]
    public async Task Time_is_that_of_the_request()
    {
        await using var app = await StartAsync();
        using var response = await app.Client.GetAsync("/slow", TestContext.Current.CancellationToken);

        Assert.InRange(double.Parse(Header(response, HeaderNames.ResponseTime), CultureInfo.InvariantCulture), 45, 60_000);
    }

    [Fact]
    public async Task Development_is_told_where_the_time_went()
    {
        await using var app = await StartAsync();
        using var response = await app.Client.GetAsync("/ok", TestContext.Current.CancellationToken);
        Assert.Matches("^total;dur=[0-9.]+, db;dur=0.00;desc=\"0\", redis;dur=0.00$", Header(response, HeaderNames.ServerTiming));
    }

    [Theory]
    [InlineData("orders.read", false)]
    [InlineData($"orders.read {ApiScopes.Operate}", true)]
    public async Task In_production_operators_alone_are_told_where_the_time_went(string scope, bool told)
    {
        await using var app = await StartAsync("Production");
        using var response = await app.Client.GetAsync($"/as?scope={scope}", TestContext.Current.CancellationToken);
        Assert.Equal(told, Header(response, HeaderNames.ServerTiming).Contains(", db;dur=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Trace_of_the_caller_goes_on()
    {
        await using var app = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/ok");
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        using var response = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal("0af7651916cd43dd8448eb211c80319c", Header(response, HeaderNames.TraceId));
    }

    [Theory]
    [InlineData("order-17", true)]
    [InlineData("A.b_c:9", true)]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123", true)]
    [InlineData("01234567890123456789012345678901234567890123456789012345678901234", false)]
    [InlineData("two words", false)]
    [InlineData("<script>", false)]
    [InlineData("a,b", false)]
    [InlineData("", false)]
    public async Task Correlation_id_is_taken_over_only_if_it_is_harmless(string id, bool taken)
    {
        await using var app = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/correlation");
        request.Headers.TryAddWithoutValidation(HeaderNames.CorrelationId, id);
        using var response = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);

        var returned = Header(response, HeaderNames.CorrelationId);
        Assert.Equal(taken, returned == id);
        Assert.True(Correlation.IsValid(returned));
        Assert.Equal(returned, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Draining_host_asks_clients_to_leave_their_connection()
    {
        await using var app = await StartAsync(drainDelay: "00:00:20");
        using (var before = await app.Client.GetAsync("/ok", TestContext.Current.CancellationToken))
        {
            Assert.NotEqual(true, before.Headers.ConnectionClose);
        }

        using var enough = new CancellationTokenSource();
        _ = app.StopAsync(enough.Token);
        await Until.TrueAsync(() => app.Lifetime.ApplicationStopping.IsCancellationRequested, "the stop to begin");
        using var after = await app.Client.GetAsync("/ok", TestContext.Current.CancellationToken);
        Assert.True(after.Headers.ConnectionClose);
        await enough.CancelAsync();
    }

    private static Task<TestApp> StartAsync(string environment = "Development", string drainDelay = "00:00:00") => TestApp.StartAsync(
        map: app =>
        {
            app.MapGet("/ok", () => "ok");
            app.MapGet("/slow", async () => await Task.Delay(50));
            app.MapGet("/not-modified", () => Results.StatusCode(StatusCodes.Status304NotModified));
            app.MapGet("/as", void (HttpContext context, string scope) => context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim("scope", scope)], "test")));
            app.MapGet("/empty", () => Results.NoContent());
            app.MapGet("/throws", string () => throw new InvalidOperationException("unexpected"));
            app.MapGet("/clears", (HttpContext context) =>
            {
                context.Response.Clear();
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            });
            app.MapGet("/correlation", () =>
            {
                using var inner = new Activity("inner").Start();
                return Correlation.Current;
            });
        },
        environment: environment,
        settings: ("Platform:Drain:Delay", drainDelay));

    private static string Header(HttpResponseMessage response, string name) => Assert.Single(response.Headers.GetValues(name));
}
