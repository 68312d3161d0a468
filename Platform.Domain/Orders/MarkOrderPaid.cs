using Microsoft.EntityFrameworkCore;
using Platform.Domain.Payments;
using Platform.Domain.Persistence;
using Platform.Messaging;

namespace Platform.Domain.Orders;

/// <summary>Marks an order paid when its payment was captured, and tells of it with <see cref="OrderPaid"/>.</summary>
public sealed class MarkOrderPaid(PlatformDbContext database, IOutbox outbox, TimeProvider time) : IEventHandler<PaymentCaptured>
{
    /// <inheritdoc/>
    public async Task HandleAsync(PaymentCaptured @event, EventContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(@event);
        var order = await database.Orders.SingleAsync(o => o.Id == @event.OrderId, cancellationToken);
        if (order.MarkPaid(time.GetUtcNow()))
        {
            outbox.Enqueue(new OrderPaid(order.Id));
        }
    }
}
