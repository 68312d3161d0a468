using Platform.Domain.Orders;

namespace Platform.Domain.Payments;

/// <summary>Takes and gives back money, outside.</summary>
public interface IPaymentGateway
{
    /// <summary>Takes the money for an order.</summary>
    /// <param name="orderId">What it is for.</param>
    /// <param name="amount">How much.</param>
    /// <param name="idempotencyKey">Calls with one key take the money once.</param>
    /// <param name="cancellationToken">Gives up waiting; the money may have been taken.</param>
    /// <returns>The gateway's own id of the charge.</returns>
    /// <exception cref="HttpRequestException">The gateway failed or refused.</exception>
    /// <exception cref="Resilience.CircuitBreakerOpenException">The gateway is not asked at present: come again later.</exception>
    Task<string> ChargeAsync(OrderId orderId, Money amount, Guid idempotencyKey, CancellationToken cancellationToken);

    /// <summary>Asks whether the money was taken: what to do when the answer to <see cref="ChargeAsync"/> never came, or was a failure.</summary>
    /// <remarks>A read, with a breaker of its own (<c>payment_gateway_reads</c>): reads that work say nothing about charges that fail.</remarks>
    /// <param name="idempotencyKey">The key of the charge.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The gateway's own id of the charge; null where there is none, which may change while an earlier call is still under way.</returns>
    /// <exception cref="HttpRequestException">The gateway failed.</exception>
    /// <exception cref="Resilience.CircuitBreakerOpenException">The gateway is not asked at present.</exception>
    Task<string?> FindChargeAsync(Guid idempotencyKey, CancellationToken cancellationToken);

    /// <summary>Gives the money of a charge back.</summary>
    /// <param name="gatewayReference">The gateway's own id of the charge.</param>
    /// <param name="idempotencyKey">Calls with one key give it back once.</param>
    /// <param name="cancellationToken">Gives up waiting; the money may have been given back.</param>
    /// <exception cref="HttpRequestException">The gateway failed or refused.</exception>
    Task RefundAsync(string gatewayReference, Guid idempotencyKey, CancellationToken cancellationToken);
}
