using System.Text.Json;
using Npgsql;
using Platform.GraphQL.Tests.Hosting;

namespace Platform.GraphQL.Tests.Schema;

[Collection(SharedPlatform.Name)]
public sealed class MutationTests(PlatformHost host)
{
    private const string Nobody = "01900000-0000-7000-8000-000000000000";

    private const string Place = """
        mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) {
            order { id status reference total { amount } customer { id } lines { quantity product { id } } }
            userErrors { pointer code message } } }
        """;

    [Fact]
    public async Task An_order_is_placed_with_its_event()
    {
        var (customer, products) = await IdsAsync();
        var events = await CountAsync("platform.core_outbox_event");

        var answer = await host.AskAsync(Place, new { input = Input(customer, (products[0], 2), (products[1], 1)) });

        Assert.Empty(answer.Errors);
        var payload = answer.Data.GetProperty("placeOrder");
        var order = payload.GetProperty("order");
        Assert.Equal(0, payload.GetProperty("userErrors").GetArrayLength());
        Assert.Equal("PLACED", order.GetProperty("status").GetString());
        Assert.Equal("A-1", order.GetProperty("reference").GetString());
        Assert.Equal(customer, order.GetProperty("customer").GetProperty("id").GetString());
        Assert.Equal(
            products[..2], order.GetProperty("lines").EnumerateArray().Select(line => line.GetProperty("product").GetProperty("id").GetString()!));
        var read = await host.AskAsync($"{{ order(id: \"{order.GetProperty("id").GetString()}\") {{ status }} }}");
        Assert.Equal("PLACED", read.Data.GetProperty("order").GetProperty("status").GetString());
        Assert.Equal(events + 1, await CountAsync("platform.core_outbox_event"));
    }

    [Fact]
    public async Task Every_invalid_field_is_a_user_error_and_nothing_is_saved()
    {
        var (customer, products) = await IdsAsync();
        var orders = await CountAsync("commerce.orders");

        var answer = await host.AskAsync(Place, new { input = Input(customer, (products[0], 0), (products[1], 1_001), (products[0], 1)) });

        Assert.Empty(answer.Errors);
        var payload = answer.Data.GetProperty("placeOrder");
        Assert.Equal(JsonValueKind.Null, payload.GetProperty("order").ValueKind);
        Assert.Equal(
            [("/lines/0/quantity", "out_of_range"), ("/lines/1/quantity", "out_of_range"), ("/lines/2/productId", "duplicate")],
            payload.GetProperty("userErrors").EnumerateArray().Select(e => (e.GetProperty("pointer").GetString()!, e.GetProperty("code").GetString()!)).Order());
        Assert.Equal(orders, await CountAsync("commerce.orders"));
    }

    [Fact]
    public async Task A_product_or_customer_that_does_not_exist_is_a_user_error()
    {
        var (_, products) = await IdsAsync();

        var answer = await host.AskAsync(Place, new { input = Input(Nobody, (products[0], 1), (Nobody, 1)) });

        Assert.Equal(
            ["/customerId", "/lines/1/productId"],
            answer.Data.GetProperty("placeOrder").GetProperty("userErrors").EnumerateArray().Select(e => e.GetProperty("pointer").GetString()));
    }

    [Fact]
    public async Task A_client_that_selects_no_user_errors_is_told_by_an_error_of_the_response()
    {
        var (customer, products) = await IdsAsync();

        var answer = await host.AskAsync(
            "mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { order { id } } }", new { input = Input(customer, (products[0], 0)) });

        Assert.Equal("VALIDATION_ERROR", answer.Code);
        Assert.Equal(
            "/lines/0/quantity", answer.Error.GetProperty("extensions").GetProperty("fieldErrors")[0].GetProperty("pointer").GetString());
        Assert.Equal(JsonValueKind.Null, answer.Data.GetProperty("placeOrder").ValueKind);
    }

    [Theory]
    [InlineData("""{"customerId":"x","lines":[]}""")]
    [InlineData("""{"lines":[]}""")]
    [InlineData("""{"customerId":"01900000-0000-7000-8000-000000000000","lines":[{"productId":"01900000-0000-7000-8000-000000000000","quantity":"1"}]}""")]
    [InlineData("""{"customerId":"01900000-0000-7000-8000-000000000000","lines":[{"productId":"01900000-0000-7000-8000-000000000000","quantity":1.5}]}""")]
    [InlineData("""{"customerId":"01900000-0000-7000-8000-000000000000","lines":[{"productId":"01900000-0000-7000-8000-000000000000","quantity":99999999999}]}""")]
    [InlineData("""{"customerId":"01900000-0000-7000-8000-000000000000","lines":[],"more":1}""")]
    public async Task An_input_of_the_wrong_type_never_reaches_the_business(string input)
    {
        host.Sql.Clear();

        var answer = await host.AskAsync(Place, new { input = JsonSerializer.Deserialize<JsonElement>(input) });

        Assert.Equal("VALIDATION_ERROR", answer.Code);
        Assert.DoesNotContain("System", answer.Message, StringComparison.Ordinal);
        Assert.Empty(host.Sql.Sent);
    }

    [Fact]
    public async Task An_order_is_cancelled_once()
    {
        const string Cancel = """
            mutation ($id: ID!) { cancelOrder(input: { orderId: $id }) { order { id status } userErrors { pointer code message } } }
            """;
        var (customer, products) = await IdsAsync();
        var placed = await host.AskAsync(Place, new { input = Input(customer, (products[0], 1)) });
        var id = placed.Data.GetProperty("placeOrder").GetProperty("order").GetProperty("id").GetString();

        var first = await host.AskAsync(Cancel, new { id });
        var second = await host.AskAsync(Cancel, new { id });
        var unknown = await host.AskAsync(Cancel, new { id = Nobody });

        Assert.Equal("CANCELLED", first.Data.GetProperty("cancelOrder").GetProperty("order").GetProperty("status").GetString());
        Assert.Equal("OPERATION_NOT_ALLOWED", Assert.Single(UserErrors(second)).GetProperty("code").GetString());
        Assert.Equal("RESOURCE_NOT_FOUND", Assert.Single(UserErrors(unknown)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Mutations_of_one_request_run_one_after_another_and_see_each_other()
    {
        var (customer, products) = await IdsAsync();
        var placed = await host.AskAsync(Place, new { input = Input(customer, (products[0], 1)) });
        var id = placed.Data.GetProperty("placeOrder").GetProperty("order").GetProperty("id").GetString();

        var answer = await host.AskAsync(
            """
            mutation ($id: ID!) {
                first: cancelOrder(input: { orderId: $id }) { order { customer { orders(first: 1) { edges { node { status } } } } } }
                second: cancelOrder(input: { orderId: $id }) { order { id } userErrors { code } }
            }
            """,
            new { id });

        Assert.Empty(answer.Errors);
        Assert.Equal(
            "CANCELLED",
            answer.Data.GetProperty("first").GetProperty("order").GetProperty("customer").GetProperty("orders").GetProperty("edges")[0]
                .GetProperty("node").GetProperty("status").GetString());
        Assert.Equal("OPERATION_NOT_ALLOWED", answer.Data.GetProperty("second").GetProperty("userErrors")[0].GetProperty("code").GetString());
    }

    private static JsonElement.ArrayEnumerator UserErrors(GraphQLAnswer answer) =>
        answer.Data.GetProperty("cancelOrder").GetProperty("userErrors").EnumerateArray();

    private static object Input(string customerId, params (string ProductId, int Quantity)[] lines) =>
        new { customerId, reference = "A-1", lines = lines.Select(line => new { productId = line.ProductId, quantity = line.Quantity }) };

    private async Task<(string Customer, string[] Products)> IdsAsync() =>
        ((await host.FirstIdsAsync("customers", 1))[0], await host.FirstIdsAsync("products", 2));

    private async Task<long> CountAsync(string table)
    {
        await using var connection = await host.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand($"SELECT count(*) FROM {table}", connection);
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
