using Platform.Domain.Orders;

namespace Platform.Domain.Payments;

/// <summary>The money for an order was taken (<c>payments.captured.v1</c>).</summary>
public sealed record PaymentCaptured(PaymentId PaymentId, OrderId OrderId, decimal Amount, string Currency);

/// <summary>The money for an order was given back (<c>payments.refunded.v1</c>).</summary>
public sealed record PaymentRefunded(PaymentId PaymentId, OrderId OrderId, decimal Amount, string Currency);
