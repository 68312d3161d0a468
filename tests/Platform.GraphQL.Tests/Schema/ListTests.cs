using System.Text.Json;
using Platform.GraphQL.Tests.Hosting;

namespace Platform.GraphQL.Tests.Schema;

[Collection(SharedPlatform.Name)]
public sealed class ListTests(PlatformHost host)
{
    [Theory]
    [InlineData("customers", "NAME_ASC", "name")]
    [InlineData("customers", "CREATED_AT_ASC", "id")]
    [InlineData("products", "NAME_DESC", "name")]
    [InlineData("products", "CREATED_AT_DESC", "id")]
    [InlineData("orders", "PLACED_AT_ASC", "id")]
    public async Task A_list_is_read_forward_and_backward_in_the_order_that_was_asked_for(string list, string sort, string key)
    {
        var whole = await PageAsync(list, key, $"first: 100, sort: {sort}");
        var forward = await WalkAsync(list, key, sort, "first: 9, after", page => (page.Next, page.End));
        var backward = await WalkAsync(list, key, sort, "last: 9, before", page => (page.Previous, page.Start));

        var keys = forward.SelectMany(page => page.Keys).ToArray();
        Assert.Equal(whole.Keys, keys.Take(100));
        Assert.Equal(keys, Enumerable.Reverse(backward).SelectMany(page => page.Keys));
        Assert.Equal(sort.EndsWith("ASC", StringComparison.Ordinal), string.CompareOrdinal(whole.Keys[0], whole.Keys[^1]) < 0);
    }

    [Fact]
    public async Task A_customers_orders_are_read_from_both_ends()
    {
        const string Query = """
            { orders(first: 1) { edges { node { customer {
                newest: orders(first: 2) { edges { node { id } } }
                oldest: orders(last: 100) { edges { node { id } } pageInfo { hasNextPage } }
                sorted: orders(first: 100, sort: PLACED_AT_ASC) { edges { node { id } } } } } } } }
            """;
        var answer = await host.AskAsync(Query);
        var customer = answer.Data.GetProperty("orders").GetProperty("edges")[0].GetProperty("node").GetProperty("customer");
        string[] Ids(string name) => [.. customer.GetProperty(name).GetProperty("edges").EnumerateArray().Select(e => e.GetProperty("node").GetProperty("id").GetString()!)];

        Assert.Equal(Ids("oldest").Reverse(), Ids("sorted"));
        Assert.Equal(Ids("oldest").Take(2), Ids("newest"));
    }

    [Fact]
    public async Task Filters_narrow_lists()
    {
        var some = (await host.AskAsync("{ products(first: 1) { edges { node { sku } } } customers(first: 1) { edges { node { id email } } } orders(first: 1) { edges { node { placedAt } } } }")).Data;
        var sku = some.GetProperty("products").GetProperty("edges")[0].GetProperty("node").GetProperty("sku").GetString();
        var customer = some.GetProperty("customers").GetProperty("edges")[0].GetProperty("node");
        var newest = some.GetProperty("orders").GetProperty("edges")[0].GetProperty("node").GetProperty("placedAt").GetString();

        var answer = await host.AskAsync(
            """
            query ($sku: String, $email: String, $customer: ID, $newest: DateTime) {
                products(filter: { sku: $sku, active: true }) { edges { node { sku } } }
                customers(filter: { email: $email }) { edges { node { id } } }
                paid: orders(first: 100, filter: { customerId: $customer, status: PAID }) { edges { node { status customer { id } } } }
                old: orders(first: 100, filter: { customerId: $customer, status: PAID }) { edges { node { id } } }
                deprecated: orders(first: 100, customerId: $customer, status: PAID) { edges { node { id } } }
                since: orders(filter: { placedFrom: $newest }) { edges { node { placedAt } } }
                before: orders(filter: { placedBefore: "1990-01-01T00:00:00+01:00" }) { edges { node { id } } }
            }
            """,
            new { sku, email = customer.GetProperty("email").GetString()!.ToUpperInvariant(), customer = customer.GetProperty("id").GetString(), newest });

        Assert.Empty(answer.Errors);
        Assert.Equal(sku, Assert.Single(Nodes(answer, "products")).GetProperty("sku").GetString());
        Assert.Equal(customer.GetProperty("id").GetString(), Assert.Single(Nodes(answer, "customers")).GetProperty("id").GetString());
        Assert.All(Nodes(answer, "paid"), node => Assert.Equal("PAID", node.GetProperty("status").GetString()));
        Assert.Equal(Nodes(answer, "old").Select(n => n.GetRawText()), Nodes(answer, "deprecated").Select(n => n.GetRawText()));
        Assert.NotEmpty(Nodes(answer, "since"));
        Assert.All(Nodes(answer, "since"), node => Assert.True(string.CompareOrdinal(node.GetProperty("placedAt").GetString(), newest) >= 0));
        Assert.Empty(Nodes(answer, "before"));
    }

    [Theory]
    [InlineData("first: 1, last: 1", "/last")]
    [InlineData("last: 1, after: \"x\"", "/last")]
    [InlineData("last: 0", "/last")]
    [InlineData("before: \"!\"", "/before")]
    [InlineData("first: 101", "/first")]
    [InlineData("sort: NAME_ASC, after: \"AAAA\"", "/after")]
    public async Task Arguments_that_do_not_fit_are_named(string arguments, string pointer)
    {
        var answer = await host.AskAsync($"{{ customers({arguments}) {{ edges {{ node {{ id }} }} }} }}");

        Assert.Equal("VALIDATION_ERROR", answer.Code);
        Assert.Equal(pointer, answer.Error.GetProperty("extensions").GetProperty("fieldErrors")[0].GetProperty("pointer").GetString());
    }

    private static JsonElement[] Nodes(GraphQLAnswer answer, string list) =>
        [.. answer.Data.GetProperty(list).GetProperty("edges").EnumerateArray().Select(edge => edge.GetProperty("node"))];

    private async Task<List<ListPage>> WalkAsync(string list, string key, string sort, string arguments, Func<ListPage, (bool More, string? Cursor)> next)
    {
        List<ListPage> pages = [];
        string? cursor = null;
        do
        {
            pages.Add(await PageAsync(list, key, $"{arguments}: {(cursor is null ? "null" : $"\"{cursor}\"")}, sort: {sort}"));
            cursor = next(pages[^1]) is (true, var to) ? to : null;
        }
        while (cursor is not null && pages.Count < 100);
        return pages;
    }

    private async Task<ListPage> PageAsync(string list, string key, string arguments)
    {
        var answer = await host.AskAsync(
            $"{{ {list}({arguments}) {{ edges {{ node {{ {key} }} }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}");
        var connection = answer.Data.GetProperty(list);
        var info = connection.GetProperty("pageInfo");
        return new(
            [.. connection.GetProperty("edges").EnumerateArray().Select(edge => edge.GetProperty("node").GetProperty(key).GetString()!)],
            info.GetProperty("hasNextPage").GetBoolean(),
            info.GetProperty("hasPreviousPage").GetBoolean(),
            info.GetProperty("startCursor").GetString(),
            info.GetProperty("endCursor").GetString());
    }

    private sealed record ListPage(string[] Keys, bool Next, bool Previous, string? Start, string? End);
}
