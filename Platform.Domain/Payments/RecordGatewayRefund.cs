using Microsoft.EntityFrameworkCore;
using Platform.Domain.Persistence;
using Platform.Errors;
using Platform.Messaging;

namespace Platform.Domain.Payments;

/// <summary>Takes note that the gateway gave the money of a charge back by itself: after a complaint, or by its own people's hands.</summary>
/// <remarks>Changes the payment and enqueues <see cref="PaymentRefunded"/>; the caller saves, in one transaction with its mark in the inbox.</remarks>
public sealed class RecordGatewayRefund(PlatformDbContext database, IOutbox outbox, TimeProvider time)
{
    /// <summary>Marks the payment refunded, unless it is.</summary>
    /// <param name="gatewayReference">The gateway's id of the charge.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ErrorException">No payment has this charge: perhaps not yet, so the gateway should tell it again.</exception>
    public async Task HandleAsync(string gatewayReference, CancellationToken cancellationToken = default)
    {
        var payment = await database.Payments.SingleOrDefaultAsync(p => p.GatewayReference == gatewayReference, cancellationToken)
            ?? throw ErrorException.NotFound("payment", gatewayReference);
        if (payment.Status is PaymentStatus.Refunded)
        {
            return;
        }

        payment.MarkRefunded(time.GetUtcNow());
        outbox.Enqueue(new PaymentRefunded(payment.Id, payment.OrderId, payment.Amount.Amount, payment.Amount.Currency));
    }
}
