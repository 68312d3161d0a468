using Microsoft.Extensions.Logging;

namespace Platform.ServiceDefaults.Budgets;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "Budgets could not be reckoned this time")]
    public static partial void RoundFailed(ILogger logger, Exception exception);
}
