using Microsoft.EntityFrameworkCore;
using Platform.Domain.Customers;
using Platform.Domain.Paging;
using Platform.Domain.Persistence;

namespace Platform.Domain.Orders;

/// <summary>Reads orders with their lines; nothing that comes back is tracked.</summary>
public sealed class OrderQueries(PlatformDbContext database)
{
    /// <summary>Finds one, or null.</summary>
    public Task<Order?> FindAsync(OrderId id, CancellationToken cancellationToken = default) =>
        database.Orders.AsNoTracking().SingleOrDefaultAsync(o => o.Id == id, cancellationToken);

    /// <summary>Counts them and adds their totals up, by status and currency.</summary>
    public async Task<IReadOnlyList<OrderSummary>> SummarizeAsync(CancellationToken cancellationToken = default)
    {
        var sums = await database.Orders.IgnoreAutoIncludes()
            .GroupBy(o => new { o.Status, o.Total.Currency })
            .Select(group => new { group.Key.Status, group.Key.Currency, Count = group.Count(), Amount = group.Sum(o => o.Total.Amount) })
            .ToListAsync(cancellationToken);
        return [.. sums.OrderBy(sum => sum.Status).ThenBy(sum => sum.Currency, StringComparer.Ordinal)
            .Select(sum => new OrderSummary(sum.Status, sum.Count, new Money(sum.Amount, sum.Currency)))];
    }

    /// <summary>Lists them, the newest first.</summary>
    public Task<Page<Order>> ListAsync(OrderFilter filter, PageRequest page, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(page);
        var orders = database.Orders.AsNoTracking();
        if (filter.Status is { } status)
        {
            orders = orders.Where(o => o.Status == status);
        }

        if (filter.CustomerId is { } customerId)
        {
            orders = orders.Where(o => o.CustomerId == customerId);
        }

        if (page.After is { } after)
        {
            var last = new OrderId(after);
            orders = orders.Where(o => o.Id < last);
        }

        return orders.OrderByDescending(o => o.Id).ToPageAsync(page, o => o.Id.Value, cancellationToken);
    }
}

/// <summary>Narrows a list of orders.</summary>
/// <param name="Status">Only those that stand there.</param>
/// <param name="CustomerId">Only those of this customer.</param>
public sealed record OrderFilter(OrderStatus? Status = null, CustomerId? CustomerId = null);

/// <summary>What all orders of one status and currency come to.</summary>
/// <param name="Status">Where they stand.</param>
/// <param name="Count">How many.</param>
/// <param name="Total">What they cost together.</param>
public sealed record OrderSummary(OrderStatus Status, int Count, Money Total);
