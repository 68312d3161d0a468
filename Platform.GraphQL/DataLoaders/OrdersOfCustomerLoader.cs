using Microsoft.EntityFrameworkCore;
using Platform.Domain.Customers;
using Platform.Domain.Orders;
using Platform.Domain.Paging;
using Platform.Domain.Persistence;

namespace Platform.GraphQL.DataLoaders;

/// <summary>One page of a customer's orders.</summary>
/// <param name="CustomerId">Whose.</param>
/// <param name="Limit">How many at most.</param>
/// <param name="After">The id of the last order that the caller has, or null at the start.</param>
/// <param name="Ascending">The oldest first; the newest otherwise.</param>
internal readonly record struct OrdersOfCustomer(CustomerId CustomerId, int Limit, Guid? After, bool Ascending = false);

/// <summary>Pages of orders by customer: one statement for all customers of a level that are asked for the same page.</summary>
internal sealed class OrdersOfCustomerLoader(IServiceScopeFactory scopes) : BatchLoader<OrdersOfCustomer, Page<Order>>(scopes)
{
    protected override Page<Order> Missing => new([], null);

    protected override async Task<IReadOnlyDictionary<OrdersOfCustomer, Page<Order>>> ReadAsync(
        PlatformDbContext database, IReadOnlyList<OrdersOfCustomer> keys, CancellationToken cancellationToken)
    {
        var pages = new Dictionary<OrdersOfCustomer, Page<Order>>(keys.Count);
        foreach (var same in keys.GroupBy(key => (key.Limit, key.After, key.Ascending)))
        {
            var (limit, after, ascending) = same.Key;
            var orders = await ReadAsync(database, [.. same.Select(key => key.CustomerId)], limit, after, ascending, cancellationToken);
            foreach (var ofOne in orders.GroupBy(order => order.CustomerId))
            {
                pages.Add(new(ofOne.Key, limit, after, ascending), ToPage([.. ofOne], limit));
            }
        }

        return pages;
    }

    // One more than the page holds tells whether there is a next one, for each customer by a lateral join.
    private static async Task<List<Order>> ReadAsync(
        PlatformDbContext database, CustomerId[] customers, int limit, Guid? after, bool ascending, CancellationToken cancellationToken)
    {
        var orders = database.Orders.AsNoTracking();
        if (after is { } last)
        {
            var lastId = new OrderId(last);
            orders = ascending ? orders.Where(order => order.Id > lastId) : orders.Where(order => order.Id < lastId);
        }

        var customersOfPage = database.Customers.Where(customer => customers.Contains(customer.Id));
        var page = ascending
            ? customersOfPage
                .SelectMany(customer => orders.Where(order => order.CustomerId == customer.Id).OrderBy(order => order.Id).Take(limit + 1))
                .OrderBy(order => order.Id)
            : customersOfPage
                .SelectMany(customer => orders.Where(order => order.CustomerId == customer.Id).OrderByDescending(order => order.Id).Take(limit + 1))
                .OrderByDescending(order => order.Id);
        return await page.ToListAsync(cancellationToken);
    }

    private static Page<Order> ToPage(List<Order> orders, int limit)
    {
        if (orders.Count <= limit)
        {
            return new(orders, null);
        }

        orders.RemoveRange(limit, orders.Count - limit);
        return new(orders, PageRequest.CursorAfter(orders[^1].Id.Value));
    }
}
