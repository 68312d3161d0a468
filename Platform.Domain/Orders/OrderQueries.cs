using Microsoft.EntityFrameworkCore;
using Platform.Conditional;
using Platform.Domain.Customers;
using Platform.Domain.Paging;
using Platform.Domain.Persistence;

namespace Platform.Domain.Orders;

/// <summary>Reads orders with their lines; nothing that comes back is tracked.</summary>
public sealed class OrderQueries(PlatformDbContext database)
{
    private static readonly OrderFilter Unfiltered = new();

    // The list that most ask for, translated once and for all.
    private static readonly Func<PlatformDbContext, int, IAsyncEnumerable<Order>> Newest = EF.CompileAsyncQuery(
        (PlatformDbContext database, int count) => database.Orders.AsNoTracking().OrderByDescending(o => o.Id).Take(count));

    private static readonly Func<PlatformDbContext, OrderId, int, IAsyncEnumerable<Order>> NewestBehind = EF.CompileAsyncQuery(
        (PlatformDbContext database, OrderId last, int count) => database.Orders.AsNoTracking().Where(o => o.Id < last).OrderByDescending(o => o.Id).Take(count));

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

    /// <summary>Which version of it there is, or null.</summary>
    public async Task<RowVersion?> VersionAsync(OrderId id, CancellationToken cancellationToken = default) =>
        await database.Orders.Where(o => o.Id == id)
            .Select(o => new { o.Version, o.UpdatedAt })
            .SingleOrDefaultAsync(cancellationToken) is { } row ? new RowVersion(row.Version, row.UpdatedAt) : null;

    /// <summary>Lists them, by default the newest first.</summary>
    public Task<Page<Order>> ListAsync(OrderFilter filter, PageRequest page, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(page);
        return filter == Unfiltered && !page.Ascending
            ? (page.After is { } after ? NewestBehind(database, new OrderId(after), page.Limit + 1) : Newest(database, page.Limit + 1))
                .ToPageAsync(page, CursorAfter, cancellationToken)
            : Ordered(filter, page).ToPageAsync(page, CursorAfter, cancellationToken);
    }

    /// <summary>Which of them are on a page of the list, and in which version each.</summary>
    public Task<VersionPage> ListVersionsAsync(OrderFilter filter, PageRequest page, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(page);
        return Ordered(filter, page).Select(o => new VersionRow(o.Id.Value, o.Version, o.UpdatedAt)).ToVersionPageAsync(page, cancellationToken);
    }

    private static string CursorAfter(Order order) => PageRequest.CursorAfter(order.Id.Value);

    private IQueryable<Order> Ordered(OrderFilter filter, PageRequest page)
    {
        var orders = database.Orders.AsNoTracking();
        if (filter.Status is { } status)
        {
            orders = orders.Where(o => o.Status == status);
        }

        if (filter.CustomerId is { } customerId)
        {
            orders = orders.Where(o => o.CustomerId == customerId);
        }

        if (filter.PlacedFrom is { } from)
        {
            orders = orders.Where(o => o.PlacedAt >= from);
        }

        if (filter.PlacedBefore is { } before)
        {
            orders = orders.Where(o => o.PlacedAt < before);
        }

        var last = new OrderId(page.After ?? default);
        return page.Ascending
            ? (page.After is null ? orders : orders.Where(o => o.Id > last)).OrderBy(o => o.Id)
            : (page.After is null ? orders : orders.Where(o => o.Id < last)).OrderByDescending(o => o.Id);
    }
}

/// <summary>Narrows a list of orders.</summary>
/// <param name="Status">Only those that stand there.</param>
/// <param name="CustomerId">Only those of this customer.</param>
/// <param name="PlacedFrom">Only those that were placed then or later; in UTC.</param>
/// <param name="PlacedBefore">Only those that were placed before; in UTC.</param>
public sealed record OrderFilter(
    OrderStatus? Status = null, CustomerId? CustomerId = null, DateTimeOffset? PlacedFrom = null, DateTimeOffset? PlacedBefore = null);

/// <summary>What all orders of one status and currency come to.</summary>
/// <param name="Status">Where they stand.</param>
/// <param name="Count">How many.</param>
/// <param name="Total">What they cost together.</param>
public sealed record OrderSummary(OrderStatus Status, int Count, Money Total);
