using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Platform.GraphQL.Tests.Hosting;

namespace Platform.GraphQL.Tests.Schema;

[Collection(SharedPlatform.Name)]
public sealed class QueryTests(PlatformHost host)
{
    [Fact]
    public async Task An_order_is_answered_with_its_customer_lines_products_and_payment()
    {
        var paid = await host.AskAsync("{ orders(first: 3, status: PAID) { edges { node { id } } } }");
        var id = Ids(paid.Data.GetProperty("orders")).Last();
        const string Query = """
            query ($id: ID!) { order(id: $id) {
                id status reference placedAt total { amount currency } customer { id email }
                lines { lineNumber productName quantity unitPrice { amount } total { amount } product { sku price { currency } active } }
                payment { status amount { amount currency } capturedAt refundedAt } } }
            """;

        var answer = await host.AskAsync(Query, new { id });

        Assert.Empty(answer.Errors);
        var order = answer.Data.GetProperty("order");
        Assert.Equal(id, order.GetProperty("id").GetString());
        Assert.Contains(order.GetProperty("status").GetString(), new[] { "PLACED", "PAID", "SHIPPED", "CANCELLED" });
        Assert.EndsWith("Z", order.GetProperty("placedAt").GetString(), StringComparison.Ordinal);
        Assert.EndsWith("@example.com", order.GetProperty("customer").GetProperty("email").GetString(), StringComparison.Ordinal);
        var lines = order.GetProperty("lines").EnumerateArray().ToArray();
        Assert.Equal(Enumerable.Range(1, lines.Length), lines.Select(line => line.GetProperty("lineNumber").GetInt32()));
        Assert.Equal(
            order.GetProperty("total").GetProperty("amount").GetDecimal(),
            lines.Sum(line => line.GetProperty("quantity").GetInt32() * line.GetProperty("unitPrice").GetProperty("amount").GetDecimal()));
        Assert.Equal(
            order.GetProperty("total").GetRawText(), order.GetProperty("payment").GetProperty("amount").GetRawText());
    }

    [Fact]
    public async Task Paging_goes_through_every_order_once_the_newest_first()
    {
        var ids = new List<string>();
        string? after = null;
        JsonElement page;
        do
        {
            var answer = await host.AskAsync(
                "query ($after: String) { orders(first: 30, after: $after) { edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }",
                new { after });
            var edges = answer.Data.GetProperty("orders").GetProperty("edges").EnumerateArray().ToArray();
            page = answer.Data.GetProperty("orders").GetProperty("pageInfo");
            ids.AddRange(edges.Select(e => e.GetProperty("node").GetProperty("id").GetString()!));
            Assert.Equal(after is not null, page.GetProperty("hasPreviousPage").GetBoolean());
            Assert.Equal(edges[0].GetProperty("cursor").GetString(), page.GetProperty("startCursor").GetString());
            after = page.GetProperty("endCursor").GetString();
            Assert.Equal(edges[^1].GetProperty("cursor").GetString(), after);
        }
        while (page.GetProperty("hasNextPage").GetBoolean());

        Assert.True(ids.Count >= 200);
        Assert.Equal(ids.OrderDescending(StringComparer.Ordinal).Distinct(StringComparer.Ordinal), ids);
    }

    [Fact]
    public async Task A_customers_orders_page_like_the_list_filtered_by_customer()
    {
        var customers = await host.AskAsync("{ customers(first: 50) { edges { node { id orders(first: 6) { edges { node { id } } } } } } }");
        var customer = customers.Data.GetProperty("customers").GetProperty("edges").EnumerateArray().Select(edge => edge.GetProperty("node"))
            .First(node => node.GetProperty("orders").GetProperty("edges").GetArrayLength() == 6).GetProperty("id").GetString()!;
        var answer = await host.AskAsync(
            "query ($id: ID!) { customer(id: $id) { orders(first: 5) { edges { cursor node { id } } } } orders(customerId: $id, first: 8) { edges { node { id } } } }",
            new { id = customer });
        var cursor = answer.Data.GetProperty("customer").GetProperty("orders").GetProperty("edges")[4].GetProperty("cursor").GetString();
        var rest = await host.AskAsync(
            "query ($id: ID!, $after: String) { customer(id: $id) { orders(first: 3, after: $after) { edges { node { id } } } } }",
            new { id = customer, after = cursor });

        var nested = Ids(answer.Data.GetProperty("customer").GetProperty("orders")).Concat(Ids(rest.Data.GetProperty("customer").GetProperty("orders")));

        Assert.Equal(Ids(answer.Data.GetProperty("orders")), nested);
    }

    [Fact]
    public async Task Orders_are_filtered_by_status()
    {
        var answer = await host.AskAsync("{ orders(first: 100, status: CANCELLED) { edges { node { status } } } }");

        var orders = answer.Data.GetProperty("orders").GetProperty("edges").EnumerateArray().ToArray();
        Assert.NotEmpty(orders);
        Assert.All(orders, order => Assert.Equal("CANCELLED", order.GetProperty("node").GetProperty("status").GetString()));
    }

    [Theory]
    [InlineData("customer")]
    [InlineData("product")]
    [InlineData("order")]
    public async Task What_does_not_exist_is_null(string field)
    {
        var answer = await host.AskAsync($"{{ {field}(id: \"01900000-0000-7000-8000-000000000000\") {{ id }} }}");

        Assert.Empty(answer.Errors);
        Assert.Equal(JsonValueKind.Null, answer.Data.GetProperty(field).ValueKind);
    }

    [Theory]
    [InlineData("{ order(id: \"1\") { id } }")]
    [InlineData("{ order(id: 1) { id } }")]
    [InlineData("{ order(id: \"01900000000070008000000000000000\") { id } }")]
    [InlineData("query ($id: ID!) { order(id: $id) { id } }")]
    public async Task An_id_that_is_no_uuid_is_refused_in_words_that_help(string query)
    {
        var answer = await host.AskAsync(query, new { id = "what was sent" });

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("VALIDATION_ERROR", answer.Code);
        Assert.DoesNotContain("what was sent", answer.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ orders(first: 0) { edges { cursor } } }", "/first")]
    [InlineData("{ orders(first: 101) { edges { cursor } } }", "/first")]
    [InlineData("{ orders(first: -1) { edges { cursor } } }", "/first")]
    [InlineData("{ orders(after: \"x\") { edges { cursor } } }", "/after")]
    [InlineData("{ customers(first: 1) { edges { node { orders(first: 0) { edges { cursor } } } } } }", "/first")]
    public async Task A_page_out_of_range_names_the_argument(string query, string pointer)
    {
        var answer = await host.AskAsync(query);

        Assert.Equal("VALIDATION_ERROR", answer.Code);
        var field = Assert.Single(answer.Error.GetProperty("extensions").GetProperty("fieldErrors").EnumerateArray());
        Assert.Equal(pointer, field.GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task An_error_carries_the_callers_correlation_id_and_the_trace_of_its_response()
    {
        var request = new HttpRequestMessage(HttpMethod.Post, host.Url) { Content = JsonContent.Create(new { query = "{ orders(first: 0) { edges { cursor } } }" }) };
        request.Headers.Add("X-Correlation-Id", "from-the-caller-1");

        var answer = await host.Http.AskAsync(request, token: host.Token());

        var extensions = answer.Error.GetProperty("extensions");
        Assert.Equal("from-the-caller-1", extensions.GetProperty("correlationId").GetString());
        Assert.Equal(Assert.Single(answer.Headers.GetValues("X-Trace-Id")), extensions.GetProperty("traceId").GetString());
    }

    [Fact]
    public async Task The_introspection_query_of_graphql_js_is_answered()
    {
        var introspection = await Transport.Conformance.RunAsync(
            "--input-type=module", "-e", "import { getIntrospectionQuery } from 'graphql'; process.stdout.write(getIntrospectionQuery());");

        var answer = await host.AskAsync(introspection);

        Assert.Empty(answer.Errors);
        Assert.Equal("Query", answer.Data.GetProperty("__schema").GetProperty("queryType").GetProperty("name").GetString());
    }

    private static IEnumerable<string> Ids(JsonElement connection) =>
        connection.GetProperty("edges").EnumerateArray().Select(edge => edge.GetProperty("node").GetProperty("id").GetString()!);
}
