using Microsoft.Extensions.Logging;

namespace Platform.Resilience;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "Breaker {Breaker} opened for {Seconds:F1} s (order: {Order})")]
    public static partial void Opened(ILogger logger, Exception? exception, string breaker, double seconds, CircuitOrder order);

    [LoggerMessage(2, LogLevel.Warning, "Breaker {Breaker} stays open for {Seconds:F1} s: the call that tried failed")]
    public static partial void StillOpen(ILogger logger, string breaker, double seconds);

    [LoggerMessage(3, LogLevel.Information, "Breaker {Breaker} closed")]
    public static partial void Closed(ILogger logger, string breaker);

    [LoggerMessage(4, LogLevel.Warning, "Breaker {Breaker} is open in {Service} ({Replica}): fewer failures open it here for a while")]
    public static partial void OpenElsewhere(ILogger logger, string breaker, string service, Guid replica);

    [LoggerMessage(5, LogLevel.Warning, "The board of breakers is away, each goes on alone: {Reason}")]
    public static partial void BoardAway(ILogger logger, string reason);

    [LoggerMessage(6, LogLevel.Error, "Breaker {Breaker} keeps its options, the new ones are wrong: {Reason}")]
    public static partial void Misconfigured(ILogger logger, string breaker, string reason);
}
