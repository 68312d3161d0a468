using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using Platform.GraphQL.Tests.Hosting;
using Platform.Identity;

namespace Platform.GraphQL.Tests.Tracing;

[Collection(SharedPlatform.Name)]
public sealed class ResolverSpanTests(PlatformHost host)
{
    private const string Query = "{ orders(first: 10) { edges { node { id customer { name } } } } }";

    [Fact]
    public async Task Fields_have_spans_when_an_operator_asks_for_them()
    {
        var spans = await AskAsync(ApiScopes.Operate, header: true);

        var resolve = Assert.Single(spans, span => span.OperationName == "Query.orders resolve");
        Assert.Equal("orders", resolve.GetTagItem("graphql.field.path"));
        var loads = spans.Where(span => span.OperationName == "Order.customer load").ToArray();
        Assert.InRange(loads.Length, 1, 3);
        Assert.All(spans, span => Assert.Equal(spans[0].TraceId, span.TraceId));
    }

    [Theory]
    [InlineData(ApiScopes.Operate, false)]
    [InlineData(ApiScopes.CatalogRead, true)]
    public async Task Fields_have_no_spans_for_anyone_else(string scope, bool header)
    {
        Assert.DoesNotContain(await AskAsync(scope, header), span => span.GetTagItem("graphql.field.name") is not null);
    }

    private async Task<IReadOnlyList<Activity>> AskAsync(string scope, bool header)
    {
        var trace = ActivityTraceId.CreateRandom();
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Platform.GraphQL" or "Microsoft.AspNetCore",
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                if (span.TraceId == trace)
                {
                    spans.Enqueue(span);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var request = new HttpRequestMessage(HttpMethod.Post, host.Url) { Content = JsonContent.Create(new { query = Query }) };
        request.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01");
        if (header)
        {
            request.Headers.Add("GraphQL-Trace", "resolvers");
        }

        using var client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null });
        var answer = await client.AskAsync(request, token: host.Token(ApiScopes.OrdersRead, ApiScopes.CatalogRead, scope));
        Assert.Empty(answer.Errors);
        return [.. spans];
    }
}
