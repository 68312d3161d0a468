namespace PaymentGateway;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Charged {ChargeId} for order {OrderId}, trace {TraceId}")]
    public static partial void Charged(ILogger logger, string chargeId, string orderId, string? traceId);

    [LoggerMessage(2, LogLevel.Information, "Refunded {RefundId} of charge {ChargeId}, trace {TraceId}")]
    public static partial void Refunded(ILogger logger, string refundId, string chargeId, string? traceId);
}
