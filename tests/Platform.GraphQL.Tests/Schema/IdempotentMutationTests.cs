using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using Platform.GraphQL.Tests.Hosting;

namespace Platform.GraphQL.Tests.Schema;

[Collection(SharedPlatform.Name)]
public sealed class IdempotentMutationTests(PlatformHost host)
{
    private const string Place = """
        mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { order { id status } userErrors { pointer code } } }
        """;

    [Fact]
    public async Task A_mutation_with_one_key_happens_once_however_often_it_is_sent_at_once()
    {
        var input = await InputAsync(Key());
        var before = await CountAsync("commerce.orders");

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => host.AskAsync(Place, new { input })));

        var again = await host.AskAsync(Place, new { input });
        var id = again.Data.GetProperty("placeOrder").GetProperty("order").GetProperty("id").GetString();
        Assert.Equal("true", again.Headers.GetValues("Idempotency-Replayed").Single());
        Assert.Equal(before + 1, await CountAsync("commerce.orders"));
        Assert.All(answers, answer =>
        {
            if (answer.Errors.Count > 0)
            {
                Assert.Equal("REQUEST_IN_FLIGHT", answer.Code);
                Assert.Equal(1, answer.Error.GetProperty("extensions").GetProperty("retryAfter").GetDouble());
            }
            else
            {
                Assert.Equal(id, answer.Data.GetProperty("placeOrder").GetProperty("order").GetProperty("id").GetString());
            }
        });
    }

    [Fact]
    public async Task A_repetition_may_select_other_fields_and_sees_the_present_state()
    {
        var input = await InputAsync(Key());
        var first = await host.AskAsync(Place, new { input });
        var id = first.Data.GetProperty("placeOrder").GetProperty("order").GetProperty("id").GetString();
        await host.AskAsync("mutation ($id: ID!) { cancelOrder(input: { orderId: $id }) { userErrors { code } } }", new { id });

        var second = await host.AskAsync(
            "mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { order { id status lines { quantity } } } }", new { input });

        var order = second.Data.GetProperty("placeOrder").GetProperty("order");
        Assert.Equal((id, "CANCELLED"), (order.GetProperty("id").GetString(), order.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task A_key_that_was_used_for_something_else_is_a_user_error()
    {
        var key = Key();
        await host.AskAsync(Place, new { input = await InputAsync(key) });

        var other = await host.AskAsync(Place, new { input = await InputAsync(key, quantity: 2) });
        var malformed = await host.AskAsync(Place, new { input = await InputAsync("not a key") });

        Assert.Equal("IDEMPOTENCY_KEY_REUSED", other.Data.GetProperty("placeOrder").GetProperty("userErrors")[0].GetProperty("code").GetString());
        Assert.Equal("/input/idempotencyKey", malformed.Data.GetProperty("placeOrder").GetProperty("userErrors")[0].GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task A_mutation_that_was_refused_is_tried_anew()
    {
        var key = Key();
        var refused = await host.AskAsync(Place, new { input = await InputAsync(key, quantity: 0) });

        var repaired = await host.AskAsync(Place, new { input = await InputAsync(key, quantity: 1) });

        Assert.Equal(JsonValueKind.Null, refused.Data.GetProperty("placeOrder").GetProperty("order").ValueKind);
        Assert.Equal(JsonValueKind.Object, repaired.Data.GetProperty("placeOrder").GetProperty("order").ValueKind);
    }

    [Fact]
    public async Task The_header_gives_each_mutation_of_a_request_a_key_of_its_own()
    {
        var input = await InputAsync(null);
        var key = Key();
        var before = await CountAsync("commerce.orders");
        const string Two = """
            mutation ($input: PlaceOrderInput!) { a: placeOrder(input: $input) { order { id } } b: placeOrder(input: $input) { order { id } } }
            """;

        var first = await SendAsync(Two, input, key);
        var second = await SendAsync(Two, input, key);

        Assert.Equal(before + 2, await CountAsync("commerce.orders"));
        Assert.Equal(first.Data.GetRawText(), second.Data.GetRawText());
        Assert.NotEqual(
            first.Data.GetProperty("a").GetProperty("order").GetProperty("id").GetString(), first.Data.GetProperty("b").GetProperty("order").GetProperty("id").GetString());
    }

    private static string Key() => Guid.CreateVersion7().ToString("N");

    private async Task<GraphQLAnswer> SendAsync(string query, object input, string key)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, host.Url) { Content = JsonContent.Create(new { query, variables = new { input } }) };
        request.Headers.Add("Idempotency-Key", key);
        return await host.Http.AskAsync(request, token: host.Token());
    }

    private async Task<object> InputAsync(string? idempotencyKey, int quantity = 1)
    {
        var (customer, product) = ((await host.FirstIdsAsync("customers", 1))[0], (await host.FirstIdsAsync("products", 1))[0]);
        return new { customerId = customer, lines = new[] { new { productId = product, quantity } }, idempotencyKey };
    }

    private async Task<long> CountAsync(string table)
    {
        await using var connection = await host.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand($"SELECT count(*) FROM {table}", connection);
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
