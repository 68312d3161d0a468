using Microsoft.EntityFrameworkCore;
using Platform.Domain.Orders;
using Platform.Domain.Payments;
using Platform.Domain.Persistence;

namespace Platform.GraphQL.DataLoaders;

/// <summary>Payments by order; the database holds that an order has one at most.</summary>
internal sealed class PaymentOfOrderLoader(IServiceScopeFactory scopes) : BatchLoader<OrderId, Payment>(scopes)
{
    protected override async Task<IReadOnlyDictionary<OrderId, Payment>> ReadAsync(
        PlatformDbContext database, IReadOnlyList<OrderId> keys, CancellationToken cancellationToken) =>
        await database.Payments.AsNoTracking()
            .Where(payment => keys.Contains(payment.OrderId))
            .ToDictionaryAsync(payment => payment.OrderId, cancellationToken);
}
