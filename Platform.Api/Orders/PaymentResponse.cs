using Platform.Api.Http;
using Platform.Domain.Payments;

namespace Platform.Api.Orders;

/// <summary>What was paid for an order.</summary>
/// <param name="Id">Its id.</param>
/// <param name="OrderId">What for.</param>
/// <param name="Status"><c>captured</c> or <c>refunded</c>.</param>
/// <param name="Amount">How much.</param>
/// <param name="CapturedAt">When the money was taken.</param>
/// <param name="RefundedAt">When it was given back, if it was.</param>
internal sealed record PaymentResponse(
    Guid Id, Guid OrderId, string Status, MoneyResponse Amount, DateTimeOffset CapturedAt, DateTimeOffset? RefundedAt)
{
    public static PaymentResponse From(Payment payment) => new(
        payment.Id.Value,
        payment.OrderId.Value,
        payment.Status is PaymentStatus.Captured ? "captured" : "refunded",
        MoneyResponse.From(payment.Amount),
        payment.CapturedAt.AsStored(),
        payment.RefundedAt?.AsStored());
}
