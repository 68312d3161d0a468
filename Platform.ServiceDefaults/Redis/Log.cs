using Microsoft.Extensions.Logging;

namespace Platform.ServiceDefaults.Redis;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "Redis is away: the host goes on without it")]
    public static partial void Away(ILogger logger, Exception? exception);
}
