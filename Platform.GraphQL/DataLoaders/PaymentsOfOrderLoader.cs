using Microsoft.EntityFrameworkCore;
using Platform.Domain.Orders;
using Platform.Domain.Payments;
using Platform.Domain.Persistence;

namespace Platform.GraphQL.DataLoaders;

/// <summary>The payments of orders, the first one first.</summary>
internal sealed class PaymentsOfOrderLoader(IServiceScopeFactory scopes) : BatchLoader<OrderId, IReadOnlyList<Payment>>(scopes)
{
    protected override IReadOnlyList<Payment> Missing => [];

    protected override async Task<IReadOnlyDictionary<OrderId, IReadOnlyList<Payment>>> ReadAsync(
        PlatformDbContext database, IReadOnlyList<OrderId> keys, CancellationToken cancellationToken)
    {
        var payments = await database.Payments.AsNoTracking()
            .Where(payment => keys.Contains(payment.OrderId))
            .OrderBy(payment => payment.Id)
            .ToListAsync(cancellationToken);
        return payments.GroupBy(payment => payment.OrderId).ToDictionary(group => group.Key, IReadOnlyList<Payment> (group) => [.. group]);
    }
}
