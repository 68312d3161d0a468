using Microsoft.EntityFrameworkCore;
using Platform.Domain.Orders;
using Platform.Domain.Payments;
using Platform.Domain.Persistence;

namespace Platform.GraphQL.DataLoaders;

/// <summary>Payments by order; the database holds that an order has one at most.</summary>
internal sealed class PaymentOfOrderLoader(IServiceScopeFactory scopes) : BatchLoader<OrderId, Payment>(scopes)
{
    private static readonly Func<PlatformDbContext, List<OrderId>, IAsyncEnumerable<Payment>> Query = EF.CompileAsyncQuery(
        (PlatformDbContext database, List<OrderId> keys) => database.Payments.AsNoTracking().Where(payment => keys.Contains(payment.OrderId)));

    protected override async Task ReadAsync(
        PlatformDbContext database, List<OrderId> keys, Dictionary<OrderId, Payment> values, CancellationToken cancellationToken)
    {
        await foreach (var payment in Query(database, keys).WithCancellation(cancellationToken))
        {
            values.Add(payment.OrderId, payment);
        }
    }
}
