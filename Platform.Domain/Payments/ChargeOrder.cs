using Microsoft.EntityFrameworkCore;
using Platform.Domain.Orders;
using Platform.Domain.Persistence;
using Platform.Messaging;

namespace Platform.Domain.Payments;

/// <summary>Takes the money for an order that was placed, and tells of it with <see cref="PaymentCaptured"/>.</summary>
/// <remarks>The event's id is the gateway's idempotency key: however often the event comes, the money is taken once.</remarks>
[OutsideWorld]
public sealed class ChargeOrder(PlatformDbContext database, IPaymentGateway gateway, IOutbox outbox, TimeProvider time)
    : IEventHandler<OrderPlaced>
{
    /// <inheritdoc/>
    public async Task HandleAsync(OrderPlaced @event, EventContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(@event);
        ArgumentNullException.ThrowIfNull(context);
        var status = await database.Orders.Where(o => o.Id == @event.OrderId).Select(o => o.Status).SingleAsync(cancellationToken);
        if (status is OrderStatus.Cancelled)
        {
            return;
        }

        var amount = new Money(@event.Amount, @event.Currency);
        var reference = await gateway.ChargeAsync(@event.OrderId, amount, context.EventId, cancellationToken);
        var payment = new Payment(PaymentId.New(time), @event.OrderId, amount, reference, time.GetUtcNow());
        database.Payments.Add(payment);
        outbox.Enqueue(new PaymentCaptured(payment.Id, payment.OrderId, amount.Amount, amount.Currency));
    }
}
