using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.Domain.Persistence;
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

        var statements = host.Sql.Sent.Count;
        Assert.Empty(answer.Errors);
        Assert.Equal(await ExpectedAsync(), answer.Data.GetProperty("orders").GetProperty("edges").EnumerateArray().Select(e => Text(e.GetProperty("node"))));
        Assert.Equal(4, statements);
    }

    // Each order by what the database holds, with everything in its place.
    private async Task<string[]> ExpectedAsync()
    {
        await using var scope = host.Services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<PlatformDbContext>();
        var customers = await database.Customers.AsNoTracking().ToDictionaryAsync(c => c.Id, TestContext.Current.CancellationToken);
        var products = await database.Products.AsNoTracking().ToDictionaryAsync(p => p.Id, TestContext.Current.CancellationToken);
        var payments = await database.Payments.AsNoTracking().ToDictionaryAsync(p => p.OrderId, TestContext.Current.CancellationToken);
        var orders = await database.Orders.AsNoTracking().OrderByDescending(o => o.Id).Take(100).ToListAsync(TestContext.Current.CancellationToken);
        return [.. orders.Select(order => string.Create(
            CultureInfo.InvariantCulture,
            $"{order.Id.Value:D} {order.Status.ToString().ToUpperInvariant()} {customers[order.CustomerId].Name} {(payments.GetValueOrDefault(order.Id) is { } paid ? $"{paid.Amount.Amount} {paid.Amount.Currency}" : "unpaid")}: {string.Join(", ", order.Lines.Select(line => $"{line.Quantity} {products[line.ProductId].Sku} {products[line.ProductId].Name}"))}"))];
    }

    private static string Text(JsonElement order) => string.Create(
        CultureInfo.InvariantCulture,
        $"{order.GetProperty("id").GetString()} {order.GetProperty("status").GetString()} {order.GetProperty("customer").GetProperty("name").GetString()} {(order.GetProperty("payment") is { ValueKind: JsonValueKind.Object } paid ? $"{paid.GetProperty("amount").GetProperty("amount").GetRawText()} {paid.GetProperty("amount").GetProperty("currency").GetString()}" : "unpaid")}: {string.Join(", ", order.GetProperty("lines").EnumerateArray().Select(line => $"{line.GetProperty("quantity").GetRawText()} {line.GetProperty("product").GetProperty("sku").GetString()} {line.GetProperty("product").GetProperty("name").GetString()}"))}");

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
