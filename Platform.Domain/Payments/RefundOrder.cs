using Microsoft.EntityFrameworkCore;
using Platform.Domain.Orders;
using Platform.Domain.Persistence;
using Platform.Messaging;

namespace Platform.Domain.Payments;

/// <summary>Gives the money of a cancelled order back, if it was taken.</summary>
/// <remarks>Events of one order come in order, so the charge for it is done or will never be when this runs.</remarks>
[OutsideWorld]
public sealed class RefundOrder(PlatformDbContext database, IPaymentGateway gateway, IOutbox outbox, TimeProvider time)
    : IEventHandler<OrderCancelled>
{
    /// <inheritdoc/>
    public async Task HandleAsync(OrderCancelled @event, EventContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(@event);
        ArgumentNullException.ThrowIfNull(context);
        var payment = await database.Payments.SingleOrDefaultAsync(p => p.OrderId == @event.OrderId, cancellationToken);
        if (payment is null or { Status: PaymentStatus.Refunded })
        {
            return;
        }

        await gateway.RefundAsync(payment.GatewayReference, context.EventId, cancellationToken);
        payment.MarkRefunded(time.GetUtcNow());
        outbox.Enqueue(new PaymentRefunded(payment.Id, payment.OrderId, payment.Amount.Amount, payment.Amount.Currency));
    }
}
