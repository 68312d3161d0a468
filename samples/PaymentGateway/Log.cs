namespace PaymentGateway;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Charged {ChargeId} for order {OrderId}, trace {TraceId}")]
    public static partial void Charged(ILogger logger, string chargeId, string orderId, string? traceId);

    [LoggerMessage(2, LogLevel.Information, "Refunded {RefundId} of charge {ChargeId}, trace {TraceId}")]
    public static partial void Refunded(ILogger logger, string refundId, string chargeId, string? traceId);

    [LoggerMessage(3, LogLevel.Warning, "Message {MessageId} was not taken at try {Try}, status {Status}")]
    public static partial void WebhookFailed(ILogger logger, string messageId, int @try, int status, Exception? exception);
}
