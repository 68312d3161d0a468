using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Platform.ServiceDefaults.Health;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "Health check {Check} is {Status} after {DurationMs:F0} ms: {Description}")]
    public static partial void Failed(
        ILogger logger, Exception? exception, string check, HealthStatus status, double durationMs, string? description);

    [LoggerMessage(2, LogLevel.Information, "Health check {Check} is healthy again")]
    public static partial void Recovered(ILogger logger, string check);
}
