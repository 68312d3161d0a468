using Microsoft.EntityFrameworkCore;
using Platform.Conditional;
using Platform.Domain.Orders;
using Platform.Domain.Persistence;

namespace Platform.Domain.Payments;

/// <summary>Reads payments; nothing that comes back is tracked.</summary>
public sealed class PaymentQueries(PlatformDbContext database)
{
    /// <summary>Finds the payment of an order, or null while it is not paid.</summary>
    public Task<Payment?> FindByOrderAsync(OrderId orderId, CancellationToken cancellationToken = default) =>
        database.Payments.AsNoTracking().SingleOrDefaultAsync(p => p.OrderId == orderId, cancellationToken);

    /// <summary>Which version of the payment of an order there is, or null.</summary>
    public async Task<RowVersion?> VersionByOrderAsync(OrderId orderId, CancellationToken cancellationToken = default) =>
        await database.Payments.AsNoTracking().SingleOrDefaultAsync(p => p.OrderId == orderId, cancellationToken) is { } payment
            ? payment.RowVersion
            : null;
}
