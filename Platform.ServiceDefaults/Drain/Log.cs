using Microsoft.Extensions.Logging;

namespace Platform.ServiceDefaults.Drain;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Draining: not ready any more, serving for another {DelaySeconds} s")]
    public static partial void Draining(ILogger logger, double delaySeconds);

    [LoggerMessage(2, LogLevel.Information, "Stopping: no new requests, those under way are finished")]
    public static partial void Stopping(ILogger logger);
}
