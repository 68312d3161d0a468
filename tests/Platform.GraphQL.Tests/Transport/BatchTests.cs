using System.Net;
using System.Text;
using Microsoft.Extensions.Hosting;
using Platform.GraphQL.Tests.Hosting;

namespace Platform.GraphQL.Tests.Transport;

public sealed class BatchTests : IAsyncLifetime
{
    private readonly SampleHost _host = new(Environments.Production, ("MaxBatchOperations", "3"));

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Each_item_is_answered_in_its_place_whatever_becomes_of_the_others()
    {
        var answer = await PostAsync("""[{"query":"{ hello }"},{"query":"{ nothingOfTheKind }"},{"variables":{}}]""");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(GraphQLAnswer.GraphQLResponse, answer.MediaType);
        var items = answer.Body.EnumerateArray().ToArray();
        Assert.Equal("world", items[0].GetProperty("data").GetProperty("hello").GetString());
        Assert.Equal(
            ["VALIDATION_ERROR", "INVALID_INPUT"],
            items[1..].Select(item => item.GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString()));
    }

    [Theory]
    [InlineData("[]", "INVALID_INPUT")]
    [InlineData("""[{"query":"{ hello }"},{"query":"{ hello }"},{"query":"{ hello }"},{"query":"{ hello }"}]""", "COMPLEXITY_LIMIT_EXCEEDED")]
    public async Task Batch_that_is_empty_or_too_long_is_refused(string body, string code)
    {
        var answer = await PostAsync(body);

        Assert.Equal((HttpStatusCode.BadRequest, code), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Operations_of_a_batch_share_what_one_request_may_cost_and_change()
    {
        // One of them costs 5,306 of 10,300.
        const string Cheap = """{"query":"{ hello }"}""";
        const string Dear = """{"query":"{ nodes(first: 52) { nodes(first: 100) { name } } }"}""";
        static string Mutation(int fields) => "{\"query\":\"mutation { " + string.Join(' ', Enumerable.Range(0, fields).Select(i => $"m{i}: change")) + " }\"}";

        var dear = Codes(await PostAsync($"[{Dear},{Dear},{Cheap}]"));
        var changes = Codes(await PostAsync($"[{Mutation(6)},{Mutation(6)},{Mutation(4)}]"));

        Assert.Equal([null, "COMPLEXITY_LIMIT_EXCEEDED", null], dear);
        Assert.Equal([null, "COMPLEXITY_LIMIT_EXCEEDED", null], changes);
    }

    [Fact]
    public async Task Subscription_in_a_batch_and_one_idempotency_key_for_several_are_refused()
    {
        var subscription = await PostAsync("""[{"query":"subscription { ticks }"}]""");
        var keyed = await PostAsync("""[{"query":"mutation { change }"},{"query":"mutation { change }"}]""", ("Idempotency-Key", "k"));

        Assert.Equal("INVALID_INPUT", subscription.Body[0].GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString());
        Assert.Equal("INVALID_INPUT", keyed.Code);
    }

    private static string?[] Codes(GraphQLAnswer answer) =>
        [.. answer.Body.EnumerateArray().Select(item => item.TryGetProperty("errors", out var errors) ? errors[0].GetProperty("extensions").GetProperty("code").GetString() : null)];

    private Task<GraphQLAnswer> PostAsync(string body, (string Name, string Value)? header = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, _host.Url) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (header is { } extra)
        {
            request.Headers.Add(extra.Name, extra.Value);
        }

        return _host.Http.AskAsync(request);
    }
}
