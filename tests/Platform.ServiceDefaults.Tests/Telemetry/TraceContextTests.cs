using System.Diagnostics;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenTelemetry.Instrumentation.AspNetCore;
using Platform.ServiceDefaults.Telemetry;
using Platform.ServiceDefaults.Tests.Support;
using Platform.Testing.Xunit;

namespace Platform.ServiceDefaults.Tests.Telemetry;

public sealed class TraceContextTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Baggage_is_taken_over_and_given_on_only_if_it_is_on_the_list()
    {
        await using var callee = await StubServer.StartAsync((_, _) => Task.CompletedTask);
        await using var app = await TestApp.StartAsync(
            map: app => app.MapGet("/items", async (IHttpClientFactory clients) =>
            {
                using var response = await clients.CreateClient().GetAsync(callee.Address, Cancel);
                return string.Join(";", Activity.Current!.Baggage.Select(item => $"{item.Key}={item.Value}").Order(StringComparer.Ordinal));
            }),
            settings: ("Platform:Telemetry:Baggage:0", "tenant"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/items");
        request.Headers.TryAddWithoutValidation("baggage", $"tenant=blue,session=secret,correlation.id=call%207,long={new string('x', 300)}");
        using var response = await app.Client.SendAsync(request, Cancel);

        Assert.Equal("correlation.id=call 7;tenant=blue", await response.Content.ReadAsStringAsync(Cancel));
        var sent = Assert.Single(callee.Requests).Headers["baggage"].ToString();
        Assert.Contains("tenant", sent, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", sent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "vendor=1", true)]
    [InlineData("ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", null, false)]
    [InlineData("00-00000000000000000000000000000000-b7ad6b7169203331-01", null, false)]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01", null, false)]
    [InlineData("00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01", null, false)]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331", null, false)]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333-01", null, false)]
    [InlineData("'; DROP TABLE spans; --", null, false)]
    [InlineData("", null, false)]
    public async Task Trace_goes_on_only_if_its_id_is_one(string traceParent, string? traceState, bool goesOn)
    {
        await using var app = await TestApp.StartAsync(map: app => app.MapGet("/state", () => Activity.Current!.TraceStateString ?? ""));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/state");
        request.Headers.TryAddWithoutValidation("traceparent", traceParent);
        if (traceState is not null)
        {
            request.Headers.TryAddWithoutValidation("tracestate", traceState);
        }

        using var response = await app.Client.SendAsync(request, Cancel);
        var trace = response.Headers.GetValues("X-Trace-Id").Single();
        Assert.Equal(goesOn, trace == "0af7651916cd43dd8448eb211c80319c");
        Assert.Matches("^[0-9a-f]{32}$", trace);
        Assert.Equal(traceState ?? "", await response.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task Span_of_a_request_tells_route_status_client_and_the_user_by_a_hash()
    {
        await using var app = await TestApp.StartAsync(
            map: app =>
            {
                app.Use((context, next) =>
                {
                    context.User = User("ada@example.com");
                    return next(context);
                });
                app.UseRouting();
                app.MapGet("/things/{id}", (string id) => Results.StatusCode(StatusCodes.Status418ImATeapot));
            });
        using var spans = SpanCapture.Begin();
        await AskAsync(app, spans, "/things/7");

        var span = spans.Single("GET /things/{id}");
        Assert.Equal(ActivityKind.Server, span.Kind);
        Assert.Equal("/things/{id}", span.GetTagItem("http.route"));
        Assert.Equal(StatusCodes.Status418ImATeapot, span.GetTagItem("http.response.status_code"));
        Assert.Equal("till", span.GetTagItem(CallerTag.Client));
        var hash = Assert.IsType<string>(span.GetTagItem(CallerTag.Name));
        Assert.Matches("^[0-9a-f]{16}$", hash);
        Assert.DoesNotContain(span.TagObjects, tag => tag.Value is string text && text.Contains("ada@", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ada@example.com", 1)]
    [InlineData("é", 1_000)]
    public async Task Hash_of_a_user_is_the_same_in_hosts_with_one_key_and_tells_nothing_without_it(string text, int times)
    {
        var user = string.Concat(Enumerable.Repeat(text, times));
        var here = await HashAsync(user, Key(1));

        Assert.Equal(here, await HashAsync(user, Key(1)));
        Assert.NotEqual(here, await HashAsync(user, Key(2)));
        Assert.NotEqual(here, await HashAsync(user + "x", Key(1)));
        Assert.NotEqual(await HashAsync(user, null), await HashAsync(user, null));
    }

    private static string Key(byte filling) => Convert.ToBase64String(Enumerable.Repeat(filling, 32).ToArray());

    private static ClaimsPrincipal User(string subject) => new(new ClaimsIdentity([new("sub", subject), new("client_id", "till")], "test"));

    // Not by a request: every host of this process would add to its span.
    private static async Task<string> HashAsync(string user, string? key)
    {
        await using var app = await TestApp.StartAsync(settings: ("Platform:Redaction:HashKey", key));
        var http = app.Services.GetRequiredService<IOptions<AspNetCoreTraceInstrumentationOptions>>().Value;
        using var activity = new Activity("request") { IsAllDataRequested = true };
        http.EnrichWithHttpResponse!(activity, new DefaultHttpContext { User = User(user), RequestServices = app.Services }.Response);
        return Assert.IsType<string>(activity.GetTagItem(CallerTag.Name));
    }

    private static async Task AskAsync(TestApp app, SpanCapture spans, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("traceparent", spans.TraceParent);
        using (await app.Client.SendAsync(request, Cancel))
        {
        }

        await Until.TrueAsync(() => spans.Ended.Any(span => span.Kind is ActivityKind.Server), "the server's span");
    }
}
