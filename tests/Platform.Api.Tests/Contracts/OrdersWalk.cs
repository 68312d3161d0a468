using System.Text.Json.Nodes;
using Platform.Api.Tests.Messaging;
using Platform.Api.Tests.Support;
using Platform.Client;
using Platform.Testing;

namespace Platform.Api.Tests.Contracts;

/// <summary>Orders, their payments, and those of a customer, through the typed client.</summary>
internal sealed class OrdersWalk(PlatformClient client, ApiHost api)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async Task RunAsync()
    {
        var orders = client.Orders;
        var customer = (await client.Customers.ListCustomersAsync(limit: 1, cancellationToken: Cancel)).Required.Items[0];
        var product = (await client.Products.ListProductsAsync(active: true, limit: 1, cancellationToken: Cancel)).Required.Items[0];
        var request = new OrderRequest { CustomerId = customer.Id, Lines = [new() { ProductId = product.Id, Quantity = 3 }], Reference = "W-1" };
        var placed = await orders.PlaceOrderAsync(request, cancellationToken: Cancel);
        Assert.Equal(OrderResponseStatus.Placed, placed.Required.Status);

        var read = await orders.GetOrderAsync(placed.Required.Id, cancellationToken: Cancel);
        Assert.True((await orders.GetOrderAsync(placed.Required.Id, read.ETag, Cancel)).IsNotModified);
        await orders.UpdateOrderAsync(placed.Required.Id, new() { Reference = "W-2" }, read.ETag, Cancel);
        var patched = await orders.PatchOrderAsync(placed.Required.Id, new JsonObject { ["reference"] = null }, cancellationToken: Cancel);
        Assert.Null(patched.Required.Reference);

        var list = await orders.ListOrdersAsync(status: OrderResponseStatus.Placed, customerId: customer.Id, cancellationToken: Cancel);
        Assert.Contains(list.Required.Items, order => order.Id == placed.Required.Id);
        Assert.True((await orders.ListOrdersAsync(status: OrderResponseStatus.Placed, customerId: customer.Id, ifNoneMatch: list.ETag, cancellationToken: Cancel)).IsNotModified);
        var theirs = await client.Customers.ListOrdersOfCustomerAsync(customer.Id, cancellationToken: Cancel);
        Assert.True((await client.Customers.ListOrdersOfCustomerAsync(customer.Id, ifNoneMatch: theirs.ETag, cancellationToken: Cancel)).IsNotModified);
        await SummarizeAsync();

        Assert.Equal(OrderResponseStatus.Cancelled, (await orders.CancelOrderAsync(placed.Required.Id, idempotencyKey: "walk-cancel", cancellationToken: Cancel)).Required.Status);
        var paid = await api.ScalarAsync<Guid>("SELECT o.id FROM commerce.orders o JOIN commerce.payments p ON p.order_id = o.id WHERE o.status = 'paid' LIMIT 1");
        var payment = await orders.GetPaymentOfOrderAsync(paid, cancellationToken: Cancel);
        Assert.True((await orders.GetPaymentOfOrderAsync(paid, payment.ETag, Cancel)).IsNotModified);
        Assert.Equal(OrderResponseStatus.Shipped, (await orders.ShipOrderAsync(paid, cancellationToken: Cancel)).Required.Status);
    }

    // Behind a flag.
    private async Task SummarizeAsync()
    {
        await client.Flags.PutFlagAsync("order_summary", new() { Name = "order_summary", Everyone = true }, ifNoneMatch: "*", cancellationToken: Cancel);
        await Eventually.BecomesTrueAsync(async () =>
        {
            try
            {
                return (await client.Orders.SummarizeOrdersAsync(cancellationToken: Cancel)).Required.Items.Count > 0;
            }
            catch (PlatformException off) when (off.Code == "RESOURCE_NOT_FOUND")
            {
                return false;
            }
        });
    }
}
