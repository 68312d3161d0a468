using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Platform.GraphQL.Tests.Hosting;
using Platform.Identity;
using Platform.Testing;
using Platform.TokenBinding;

namespace Platform.GraphQL.Tests.Subscriptions;

/// <summary>GraphQL over Server-Sent Events, line by line.</summary>
public sealed class EventStreamTests(PlatformHost platform) : IClassFixture<PlatformHost>
{
    [Fact]
    public async Task Subscription_is_a_stream_of_next_events_that_ends_with_complete()
    {
        await using var host = await StartAsync();
        using var stream = await OpenAsync(host, "subscription { ticks }");
        await Eventually.BecomesTrueAsync(() => Task.FromResult(host.Ticks.Count == 1));

        host.Ticks.Tell(7);
        host.Ticks.End();

        Assert.Equal([":", "", "event: next", """data: {"data":{"ticks":7}}""", "", "event: complete", "data: ", ""], await stream.RestAsync());
        Assert.Equal("text/event-stream", stream.Response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("no", stream.Response.Headers.GetValues("X-Accel-Buffering").Single());
    }

    [Theory]
    [InlineData("{ hello }", """data: {"data":{"hello":"world"}""")]
    [InlineData("{ nothingOfTheKind }", "Cannot query field")]
    [InlineData("{ broken", "Syntax error")]
    [InlineData("subscription { refuses }", "RESOURCE_NOT_FOUND")]
    public async Task Everything_else_is_one_next_event_errors_included(string query, string expected)
    {
        await using var host = await StartAsync();

        using var stream = await OpenAsync(host, query);

        var lines = await stream.RestAsync();
        Assert.Equal("event: next", lines[2]);
        Assert.Contains(expected, lines[3], StringComparison.Ordinal);
        Assert.Equal(["event: complete", "data: ", ""], lines[^3..]);
    }

    [Fact]
    public async Task Quiet_stream_is_kept_alive_and_a_client_that_leaves_ends_its_source()
    {
        await using var host = await StartAsync(("KeepAlive", "00:00:00.1"));
        using (var stream = await OpenAsync(host, "subscription { ticks }"))
        {
            Assert.Equal([":", "", ":", "", ":", ""], [await stream.LineAsync(), await stream.LineAsync(), await stream.LineAsync(), await stream.LineAsync(), await stream.LineAsync(), await stream.LineAsync()]);
            Assert.Equal(1, host.Ticks.Count);
        }

        await Eventually.BecomesTrueAsync(() => Task.FromResult(host.Ticks.Count == 0));
    }

    [Fact]
    public async Task A_get_may_subscribe_and_may_not_change()
    {
        await using var host = await StartAsync();
        using var stream = await OpenAsync(host, HttpMethod.Get, $"?query={Uri.EscapeDataString("subscription { ticks }")}");
        await Eventually.BecomesTrueAsync(() => Task.FromResult(host.Ticks.Count == 1));
        host.Ticks.Tell(1);
        Assert.Equal([":", "", "event: next"], [await stream.LineAsync(), await stream.LineAsync(), await stream.LineAsync()]);

        var before = SampleSchema.Changes;
        using var mutation = await OpenAsync(host, HttpMethod.Get, $"?query={Uri.EscapeDataString("mutation { change }")}");

        Assert.Contains("METHOD_NOT_ALLOWED", string.Concat(await mutation.RestAsync()), StringComparison.Ordinal);
        Assert.Equal(before, SampleSchema.Changes);
    }

    [Fact]
    public async Task Too_many_streams_are_refused()
    {
        await using var host = await StartAsync(("MaxConnectionsPerCaller", "1"));
        using var one = await OpenAsync(host, "subscription { ticks }");
        await Eventually.BecomesTrueAsync(() => Task.FromResult(host.Ticks.Count == 1));

        using var two = await OpenAsync(host, "subscription { ticks }");

        Assert.Equal(HttpStatusCode.TooManyRequests, two.Response.StatusCode);
        Assert.Contains("RATE_LIMIT_EXCEEDED", string.Concat(await two.RestAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_ends_with_its_token()
    {
        var expiring = platform.Issuer.Token(string.Join(' ', ApiScopes.All.Keys), TimeSpan.FromSeconds(2));

        using var stream = await OpenAsync(platform.Http, platform.Url, HttpMethod.Post, "", new { query = "subscription { orderPlaced { kind } }" }, token: expiring);

        var text = string.Join('\n', await stream.RestAsync());
        Assert.Contains("\"code\":\"UNAUTHORIZED\"", text, StringComparison.Ordinal);
        Assert.EndsWith("event: complete\ndata: \n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Last_event_id_goes_on_behind_that_event()
    {
        var customer = (await platform.FirstIdsAsync("customers", 1))[0];
        var product = (await platform.FirstIdsAsync("products", 1))[0];
        var place = new { input = new { customerId = customer, lines = new[] { new { productId = product, quantity = 1 } } } };
        const string Place = "mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { order { id } } }";
        const string Subscribe = "subscription { orderPlaced { orderId } }";
        string id;
        using (var stream = await OpenAsync(platform.Http, platform.Url, HttpMethod.Post, "", new { query = Subscribe }, platform.Token()))
        {
            var next = ReadIdAsync(stream);
            for (var i = 0; i < 50 && !next.IsCompleted; i++)
            {
                await platform.AskAsync(Place, place);
                await Task.WhenAny(next, Task.Delay(200, TestContext.Current.CancellationToken));
            }

            id = await next;
        }

        var placed = (await platform.AskAsync(Place, place)).Data.GetProperty("placeOrder").GetProperty("order").GetProperty("id").GetString()!;
        using var again = await OpenAsync(platform.Http, platform.Url, HttpMethod.Post, "", new { query = Subscribe }, platform.Token(), ("Last-Event-ID", id));

        string line;
        do
        {
            line = await again.LineAsync() ?? throw new InvalidOperationException("The stream ended.");
        }
        while (!line.Contains(placed, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Single_stream_carries_operations_of_other_requests()
    {
        var ticket = await ReserveAsync(platform.Token());
        using var stream = await OpenAsync(platform.Http, platform.Url, HttpMethod.Get, $"?token={ticket}", null, token: null);

        var accepted = await PostAsync(ticket, platform.Token(), "{ products(first: 1) { edges { cursor } } }", "a");
        var refused = await PostAsync(ticket, platform.Token(), "{ nothingOfTheKind }", "b");
        var nameless = await PostAsync(ticket, platform.Token(), "{ products(first: 1) { edges { cursor } } }", null);

        Assert.Equal(HttpStatusCode.Accepted, accepted.Status);
        Assert.Equal((HttpStatusCode.BadRequest, "VALIDATION_ERROR"), (refused.Status, refused.Code));
        Assert.Equal((HttpStatusCode.BadRequest, "INVALID_INPUT"), (nameless.Status, nameless.Code));
        Assert.Equal([":", "", "event: next"], [await stream.LineAsync(), await stream.LineAsync(), await stream.LineAsync()]);
        Assert.StartsWith("""data: {"id":"a","payload":{"data":{"products":""", await stream.LineAsync(), StringComparison.Ordinal);
        Assert.Equal(["", "event: complete", """data: {"id":"a"}"""], [await stream.LineAsync(), await stream.LineAsync(), await stream.LineAsync()]);
    }

    [Fact]
    public async Task Single_stream_and_each_of_its_operations_end_when_their_token_is_revoked()
    {
        var (own, another) = (Guid.CreateVersion7().ToString("N"), Guid.CreateVersion7().ToString("N"));
        var ticket = await ReserveAsync(platform.Issuer.Token(ApiScopes.OrdersRead, id: own));
        using var stream = await OpenAsync(platform.Http, platform.Url, HttpMethod.Get, $"?token={ticket}", null, token: null);
        var begun = await PostAsync(ticket, platform.Issuer.Token(ApiScopes.OrdersRead, id: another), "subscription { orderPlaced { kind } }", "a");
        Assert.Equal(HttpStatusCode.Accepted, begun.Status);

        await RevokeAsync(another);
        Assert.Equal([":", "", "event: next"], [await stream.LineAsync(), await stream.LineAsync(), await stream.LineAsync()]);
        var told = await stream.LineAsync();
        Assert.Contains("\"id\":\"a\"", told, StringComparison.Ordinal);
        Assert.Contains("The token was revoked.", told, StringComparison.Ordinal);
        Assert.Equal(["", "event: complete", """data: {"id":"a"}""", ""], [await stream.LineAsync(), await stream.LineAsync(), await stream.LineAsync(), await stream.LineAsync()]);

        // To its end, which would not come without the token's.
        await RevokeAsync(own);
        Assert.Empty(await stream.RestAsync());
        var late = await PostAsync(ticket, platform.Token(), "subscription { orderPlaced { kind } }", "b");
        Assert.Equal(HttpStatusCode.NotFound, late.Status);
    }

    [Fact]
    public async Task Reservation_is_its_callers_alone_and_is_taken_up_once()
    {
        var ticket = await ReserveAsync(platform.Token());
        using var stream = await OpenAsync(platform.Http, platform.Url, HttpMethod.Get, $"?token={ticket}", null, token: null);
        using var second = await OpenAsync(platform.Http, platform.Url, HttpMethod.Get, $"?token={ticket}", null, token: null);
        using var unknown = await OpenAsync(platform.Http, platform.Url, HttpMethod.Get, "?token=nonsense", null, token: null);
        var nobody = await PostAsync(ticket, null, "{ products { edges { cursor } } }", "a");
        using var reserve = new HttpRequestMessage(HttpMethod.Put, platform.Url);
        using var noToken = await platform.Http.SendAsync(reserve, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, stream.Response.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, second.Response.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, unknown.Response.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, nobody.Status);
        Assert.Equal(HttpStatusCode.Unauthorized, noToken.StatusCode);
    }

    private Task RevokeAsync(string id) => platform.Services.GetRequiredService<IRevocations>().RevokeAsync(
        id, TimeProvider.System.GetUtcNow().AddMinutes(5), "a test", TestContext.Current.CancellationToken);

    private static async Task<SampleHost> StartAsync(params (string Key, string Value)[] settings)
    {
        var host = new SampleHost(Environments.Production, [.. settings.Select(s => ($"Subscriptions:{s.Key}", s.Value))]);
        await host.InitializeAsync();
        return host;
    }

    private static async Task<string> ReadIdAsync(OpenStream stream)
    {
        while (true)
        {
            var line = Assert.IsType<string>(await stream.LineAsync());
            if (line.StartsWith("id: ", StringComparison.Ordinal))
            {
                return line[4..];
            }
        }
    }

    private static Task<OpenStream> OpenAsync(SampleHost host, string query) => OpenAsync(host.Http, host.Url, HttpMethod.Post, "", new { query });

    private static Task<OpenStream> OpenAsync(SampleHost host, HttpMethod method, string query) => OpenAsync(host.Http, host.Url, method, query, null);

    private static async Task<OpenStream> OpenAsync(
        HttpClient http, Uri url, HttpMethod method, string query, object? body, string? token = null, (string Name, string Value)? header = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(url, query)) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("Accept", "text/event-stream");
        request.Headers.Authorization = token is null ? null : new("Bearer", token);
        if (header is { } extra)
        {
            request.Headers.TryAddWithoutValidation(extra.Name, extra.Value);
        }

        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        return new(response, new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken)));
    }

    private async Task<string> ReserveAsync(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, platform.Url);
        request.Headers.Authorization = new("Bearer", token);
        using var response = await platform.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private Task<GraphQLAnswer> PostAsync(string ticket, string? token, string query, string? operationId)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, platform.Url) { Content = JsonContent.Create(new { query, extensions = new { operationId } }) };
        request.Headers.Add("X-GraphQL-Event-Stream-Token", ticket);
        return platform.Http.AskAsync(request, token: token);
    }

    private sealed record OpenStream(HttpResponseMessage Response, StreamReader Reader) : IDisposable
    {
        public async Task<string?> LineAsync() =>
            await Reader.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        public async Task<string[]> RestAsync()
        {
            List<string> lines = [];
            while (await LineAsync() is { } line)
            {
                lines.Add(line);
            }

            return [.. lines];
        }

        public void Dispose()
        {
            Reader.Dispose();
            Response.Dispose();
        }
    }
}
