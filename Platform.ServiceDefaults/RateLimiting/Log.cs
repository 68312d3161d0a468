using Microsoft.Extensions.Logging;

namespace Platform.ServiceDefaults.RateLimiting;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Debug, "Limits are held by this replica alone for the moment")]
    public static partial void Local(ILogger logger, Exception exception);
}
