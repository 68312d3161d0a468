using System.Text.Json;
using Platform.GraphQL.Tests.Hosting;
using Platform.Identity;

namespace Platform.GraphQL.Tests.Schema;

[Collection(SharedPlatform.Name)]
public sealed class NodeTests(PlatformHost host)
{
    [Fact]
    public async Task Every_kind_of_node_is_read_again_by_its_id()
    {
        var paid = await host.AskAsync("{ orders(first: 1, filter: { status: PAID }) { edges { node { id payment { id } } } } }");
        var order = paid.Data.GetProperty("orders").GetProperty("edges")[0].GetProperty("node");
        var ids = new[]
        {
            order.GetProperty("id").GetString()!,
            order.GetProperty("payment").GetProperty("id").GetString()!,
            (await host.FirstIdsAsync("customers", 1))[0],
            (await host.FirstIdsAsync("products", 1))[0],
        };
        string[] kinds = ["Order", "Payment", "Customer", "Product"];

        for (var i = 0; i < ids.Length; i++)
        {
            var answer = await host.AskAsync("query ($id: ID!) { node(id: $id) { __typename id } }", new { id = ids[i] });

            Assert.Equal(kinds[i], answer.Data.GetProperty("node").GetProperty("__typename").GetString());
            Assert.Equal(ids[i], answer.Data.GetProperty("node").GetProperty("id").GetString());
        }

        var all = await host.AskAsync("query ($ids: [ID!]!) { nodes(ids: $ids) { __typename ... on Product { sku } } }", new { ids });
        Assert.Equal(kinds, all.Data.GetProperty("nodes").EnumerateArray().Select(node => node.GetProperty("__typename").GetString()!));
    }

    [Fact]
    public async Task Several_nodes_are_one_batch()
    {
        var ids = await host.FirstIdsAsync("orders", 20);
        host.Sql.Clear();

        var answer = await host.AskAsync("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", new { ids });

        Assert.Equal(ids, answer.Data.GetProperty("nodes").EnumerateArray().Select(node => node.GetProperty("id").GetString()!));
        Assert.Single(host.Sql.Sent);
    }

    [Fact]
    public async Task What_is_not_there_and_what_the_caller_may_not_read_look_the_same()
    {
        var order = (await host.FirstIdsAsync("orders", 1))[0];
        var product = (await host.FirstIdsAsync("products", 1))[0];
        const string Query = "query ($ids: [ID!]!, $one: ID!) { nodes(ids: $ids) { id } node(id: $one) { id } }";

        var answer = await host.Http.AskAsync(
            host.Url,
            Query,
            new { ids = new[] { order, product, "01900000-0000-7000-8000-000000000000" }, one = order },
            token: host.Token(ApiScopes.CatalogRead));

        Assert.Empty(answer.Errors);
        Assert.Equal(
            [JsonValueKind.Null, JsonValueKind.Object, JsonValueKind.Null], answer.Data.GetProperty("nodes").EnumerateArray().Select(node => node.ValueKind));
        Assert.Equal(JsonValueKind.Null, answer.Data.GetProperty("node").ValueKind);
    }

    [Fact]
    public async Task Too_many_ids_are_refused()
    {
        var answer = await host.AskAsync(
            "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", new { ids = Enumerable.Repeat("01900000-0000-7000-8000-000000000000", 101) });

        Assert.Equal("VALIDATION_ERROR", answer.Code);
        Assert.Equal("/ids", answer.Error.GetProperty("extensions").GetProperty("fieldErrors")[0].GetProperty("pointer").GetString());
    }
}
