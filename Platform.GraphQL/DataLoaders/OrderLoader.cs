using Microsoft.EntityFrameworkCore;
using Platform.Domain.Orders;
using Platform.Domain.Persistence;

namespace Platform.GraphQL.DataLoaders;

/// <summary>Orders with their lines by id.</summary>
internal sealed class OrderLoader(IServiceScopeFactory scopes) : BatchLoader<OrderId, Order>(scopes)
{
    private static readonly Func<PlatformDbContext, List<OrderId>, IAsyncEnumerable<Order>> Query = EF.CompileAsyncQuery(
        (PlatformDbContext database, List<OrderId> keys) => database.Orders.AsNoTracking().Where(order => keys.Contains(order.Id)));

    protected override async Task ReadAsync(
        PlatformDbContext database, List<OrderId> keys, Dictionary<OrderId, Order> values, CancellationToken cancellationToken)
    {
        await foreach (var order in Query(database, keys).WithCancellation(cancellationToken))
        {
            values.Add(order.Id, order);
        }
    }
}
