using Microsoft.Extensions.Logging;
using Platform.Domain.Orders;

namespace Platform.Domain.Payments;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "The charge for order {OrderId} was made though its answer was no good ({Failure})")]
    public static partial void ChargeFound(ILogger logger, OrderId orderId, string failure);

    [LoggerMessage(2, LogLevel.Information, "Whether order {OrderId} was charged could not be asked: {Failure}")]
    public static partial void ChargeNotAsked(ILogger logger, OrderId orderId, string failure);
}
