using Microsoft.EntityFrameworkCore;
using Platform.Domain.Orders;
using Platform.Domain.Persistence;

namespace Platform.GraphQL.DataLoaders;

/// <summary>Orders with their lines by id.</summary>
internal sealed class OrderLoader(IServiceScopeFactory scopes) : BatchLoader<OrderId, Order>(scopes)
{
    protected override async Task<IReadOnlyDictionary<OrderId, Order>> ReadAsync(
        PlatformDbContext database, IReadOnlyList<OrderId> keys, CancellationToken cancellationToken) =>
        await database.Orders.AsNoTracking()
            .Where(order => keys.Contains(order.Id))
            .ToDictionaryAsync(order => order.Id, cancellationToken);
}
