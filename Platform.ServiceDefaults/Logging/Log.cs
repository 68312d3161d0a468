using Microsoft.Extensions.Logging;

namespace Platform.ServiceDefaults.Logging;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "Log levels that operators set cannot be read: {Reason}")]
    public static partial void StoreAway(ILogger logger, string reason);
}
