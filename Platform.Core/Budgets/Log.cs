using Microsoft.Extensions.Logging;

namespace Platform.Budgets;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "{Route} is over budget: {Percentile} is {MeasuredMs:F1} ms of {LimitMs:F0} ms in {Requests} requests, as in trace {TraceOfRequest}")]
    public static partial void Violated(ILogger logger, string route, string percentile, double measuredMs, double limitMs, long requests, string? traceOfRequest);

    [LoggerMessage(2, LogLevel.Warning, "The history of budgets is away, windows go on with what this process measures: {Reason}")]
    public static partial void HistoryAway(ILogger logger, string reason);
}
