using Microsoft.EntityFrameworkCore;
using Platform.Domain.Orders;
using Platform.Domain.Paging;
using Platform.Errors;
using Platform.Testing;

namespace Platform.Domain.Tests;

public sealed class OrderTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Placing_saves_the_order_and_its_event_together()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        var order = await PlaceAsync(shop, quantity: 3);

        var saved = await shop.InScopeAsync((OrderQueries orders) => orders.FindAsync(order.Id));

        Assert.Equal(OrderStatus.Placed, saved!.Status);
        Assert.Equal(saved.Lines.Sum(line => line.Total.Amount), saved.Total.Amount);
        Assert.Equal(["orders.placed.v1"], await shop.EventsAsync());
    }

    [Fact]
    public async Task Refused_order_leaves_neither_order_nor_event()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        var before = await shop.QueryAsync(database => database.Orders.CountAsync());

        var refused = await Assert.ThrowsAsync<ErrorException>(() => shop.InScopeAsync((PlaceOrder place) => place.HandleAsync(
            new PlaceOrderCommand(new(Guid.Empty), [new(new(Guid.Empty), 1)]))));

        Assert.Equal(["/customerId", "/lines/0/productId"], refused.Fields.Select(field => field.Pointer));
        Assert.All(refused.Fields, field => Assert.Equal("not_found", field.Code));
        Assert.Equal(before, await shop.QueryAsync(database => database.Orders.CountAsync()));
        Assert.Empty(await shop.EventsAsync());
    }

    [Fact]
    public async Task All_invalid_fields_are_named_at_once()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        var product = await shop.QueryAsync(database => database.Products.Select(p => p.Id).FirstAsync());

        var refused = await Assert.ThrowsAsync<ErrorException>(() => shop.InScopeAsync((PlaceOrder place) => place.HandleAsync(
            new PlaceOrderCommand(null, [new(product, 0), new(product, 1_001), new(null, null), null], new string('x', 65)))));

        Assert.Equal(
            [
                ("/customerId", "required"),
                ("/lines/0/quantity", "out_of_range"),
                ("/lines/1/productId", "duplicate"),
                ("/lines/1/quantity", "out_of_range"),
                ("/lines/2/productId", "required"),
                ("/lines/2/quantity", "required"),
                ("/lines/3/productId", "required"),
                ("/lines/3/quantity", "required"),
                ("/reference", "too_long"),
            ],
            refused.Fields.Select(field => (field.Pointer, field.Code)));
    }

    [Fact]
    public async Task Only_one_of_two_racing_cancellations_wins()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        var order = await PlaceAsync(shop);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            try
            {
                await shop.InScopeAsync((CancelOrder cancel) => cancel.HandleAsync(order.Id));
                return true;
            }
            catch (Exception e) when (e is ErrorException or DbUpdateConcurrencyException)
            {
                return false;
            }
        }));

        Assert.Single(outcomes, won => won);
        Assert.Equal(["orders.placed.v1", "orders.cancelled.v1"], await shop.EventsAsync());
    }

    [Fact]
    public async Task Unpaid_order_cannot_be_shipped_and_a_shipped_one_cannot_be_cancelled()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        var placed = await PlaceAsync(shop);
        var shipped = await shop.QueryAsync(database => database.Orders.FirstAsync(o => o.Status == OrderStatus.Shipped));

        var early = await Assert.ThrowsAsync<ErrorException>(() => shop.InScopeAsync((ShipOrder ship) => ship.HandleAsync(placed.Id)));
        var late = await Assert.ThrowsAsync<ErrorException>(() => shop.InScopeAsync((CancelOrder cancel) => cancel.HandleAsync(shipped.Id)));

        Assert.Equal([ErrorCode.OperationNotAllowed, ErrorCode.OperationNotAllowed], new[] { early.Code, late.Code });
    }

    [Fact]
    public async Task Pages_hold_every_order_once_though_new_ones_are_placed_meanwhile()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        var known = await shop.QueryAsync(database => database.Orders.Select(o => o.Id).ToListAsync());

        var seen = new List<OrderId>();
        string? cursor = null;
        do
        {
            var page = await shop.InScopeAsync((OrderQueries orders) => orders.ListAsync(new OrderFilter(), new PageRequest(17, cursor)));
            seen.AddRange(page.Items.Select(order => order.Id));
            cursor = page.Next;
            await PlaceAsync(shop);
        }
        while (cursor is not null);

        Assert.Equal(known.OrderByDescending(id => id.Value), seen);
    }

    private static async Task<Order> PlaceAsync(Shop shop, int quantity = 1)
    {
        var customer = await shop.QueryAsync(database => database.Customers.Select(c => c.Id).FirstAsync());
        var product = await shop.QueryAsync(database => database.Products.Select(p => p.Id).FirstAsync());
        return await shop.InScopeAsync((PlaceOrder place) => place.HandleAsync(new PlaceOrderCommand(customer, [new(product, quantity)])));
    }
}
