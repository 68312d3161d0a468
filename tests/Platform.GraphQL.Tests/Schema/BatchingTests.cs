using Platform.GraphQL.Tests.Hosting;

namespace Platform.GraphQL.Tests.Schema;

[Collection(SharedPlatform.Name)]
public sealed class BatchingTests(PlatformHost host)
{
    [Fact]
    public async Task A_hundred_orders_with_all_that_belongs_to_them_take_four_statements()
    {
        const string Query = """
            { orders(first: 100) { edges { node {
                id status customer { name } payment { amount { amount currency } } lines { quantity product { sku name } } } } } }
            """;
        host.Sql.Clear();

        var answer = await host.AskAsync(Query);

        Assert.Empty(answer.Errors);
        var orders = answer.Data.GetProperty("orders").GetProperty("edges").EnumerateArray().Select(e => e.GetProperty("node")).ToArray();
        Assert.Equal(100, orders.Length);
        Assert.All(orders, order => Assert.NotEmpty(order.GetProperty("customer").GetProperty("name").GetString()!));
        Assert.All(orders, order => Assert.All(
            order.GetProperty("lines").EnumerateArray(), line => Assert.NotEmpty(line.GetProperty("product").GetProperty("sku").GetString()!)));
        Assert.Equal(4, host.Sql.Sent.Count);
    }

    [Fact]
    public async Task Pages_of_orders_of_many_customers_take_one_statement()
    {
        host.Sql.Clear();

        var answer = await host.AskAsync("{ customers(first: 10, sort: CREATED_AT_ASC) { edges { node { id orders(first: 3) { edges { node { id } } pageInfo { hasNextPage } } } } } }");

        var customers = answer.Data.GetProperty("customers").GetProperty("edges").EnumerateArray().Select(e => e.GetProperty("node")).ToArray();
        Assert.Equal(10, customers.Length);
        Assert.All(customers, customer => Assert.Equal(3, customer.GetProperty("orders").GetProperty("edges").GetArrayLength()));
        Assert.All(customers, customer => Assert.True(customer.GetProperty("orders").GetProperty("pageInfo").GetProperty("hasNextPage").GetBoolean()));
        Assert.Equal(2, host.Sql.Sent.Count);
    }

    [Fact]
    public async Task The_same_field_asked_for_under_many_names_is_read_once()
    {
        var ids = await host.FirstIdsAsync("orders", 20);
        host.Sql.Clear();

        var answer = await host.AskAsync($"{{ {string.Join(' ', ids.Select((id, i) => $"o{i}: order(id: \"{id}\") {{ id }}"))} }}");

        Assert.Equal(ids, answer.Data.EnumerateObject().Select(o => o.Value.GetProperty("id").GetString()!));
        Assert.Single(host.Sql.Sent);
    }
}
