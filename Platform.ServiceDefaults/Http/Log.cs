using Microsoft.Extensions.Logging;

namespace Platform.ServiceDefaults.Http;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "A request ended in an exception that nothing handled")]
    public static partial void Unhandled(ILogger logger, Exception exception);
}
