using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Platform.Domain.Orders;
using Platform.Domain.Persistence;
using Platform.Messaging;
using Platform.Resilience;

namespace Platform.Domain.Payments;

/// <summary>Takes the money for an order that was placed, and tells of it with <see cref="PaymentCaptured"/>.</summary>
/// <remarks>
/// The event's id is the gateway's idempotency key: however often the event comes, the money is taken once. Where the answer leaves open whether it
/// was, the gateway is asked before it is charged again: an order that was charged does not wait until charges work again.
/// </remarks>
[OutsideWorld]
public sealed class ChargeOrder(PlatformDbContext database, IPaymentGateway gateway, IOutbox outbox, TimeProvider time, ILogger<ChargeOrder> logger)
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
        var reference = await ChargeAsync(@event.OrderId, amount, context.EventId, cancellationToken);
        var payment = new Payment(PaymentId.New(time), @event.OrderId, amount, reference, time.GetUtcNow());
        database.Payments.Add(payment);
        outbox.Enqueue(new PaymentCaptured(payment.Id, payment.OrderId, amount.Amount, amount.Currency));
    }

    private async Task<string> ChargeAsync(OrderId orderId, Money amount, Guid key, CancellationToken cancellationToken)
    {
        try
        {
            return await gateway.ChargeAsync(orderId, amount, key, cancellationToken);
        }
        catch (Exception failure) when (MayHaveCharged(failure) && !cancellationToken.IsCancellationRequested)
        {
            if (await FindAsync(orderId, key, cancellationToken) is not { } made)
            {
                throw;
            }

            Log.ChargeFound(logger, orderId, (failure.InnerException ?? failure).GetType().Name);
            return made;
        }
    }

    // Null where it cannot be found out, too: the event comes again, and the key is good for the next charge.
    private async Task<string?> FindAsync(OrderId orderId, Guid key, CancellationToken cancellationToken)
    {
        try
        {
            return await gateway.FindChargeAsync(key, cancellationToken);
        }
#pragma warning disable CA1031 // Whatever went wrong here: what is told is the failure of the charge.
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.ChargeNotAsked(logger, orderId, (failure.InnerException ?? failure).GetType().Name);
            return null;
        }
    }

    // A refusal is an answer, and what no breaker let through was not sent.
    private static bool MayHaveCharged(Exception failure) => failure switch
    {
        RetryLaterException { InnerException: { } cause } => MayHaveCharged(cause),
        RetryLaterException => false,
        HttpRequestException { StatusCode: { } status } => status >= HttpStatusCode.InternalServerError || status is HttpStatusCode.RequestTimeout,
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError } => false,
        _ => true,
    };
}
