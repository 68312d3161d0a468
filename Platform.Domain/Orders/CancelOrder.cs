using Microsoft.EntityFrameworkCore;
using Platform.Conditional;
using Platform.Domain.Persistence;
using Platform.Errors;
using Platform.Messaging;

namespace Platform.Domain.Orders;

/// <summary>Calls an order off; <see cref="OrderCancelled"/> leads to the refund of what was paid.</summary>
public sealed class CancelOrder(PlatformDbContext database, IOutbox outbox, TimeProvider time)
{
    /// <summary>Changes the order and returns it.</summary>
    /// <exception cref="ErrorException">There is no such order, it is another version, or its state does not allow it.</exception>
    public async Task<Order> HandleAsync(OrderId id, WriteCondition? condition = null, CancellationToken cancellationToken = default)
    {
        var order = await database.Orders.SingleOrDefaultAsync(o => o.Id == id, cancellationToken)
            ?? throw ErrorException.NotFound("order", id);
        condition?.Check(order.RowVersion);
        order.Cancel(time.GetUtcNow());
        outbox.Enqueue(new OrderCancelled(id));
        await database.SaveAsync(condition, cancellationToken);
        return order;
    }
}
