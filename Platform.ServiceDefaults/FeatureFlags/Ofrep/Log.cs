using Microsoft.Extensions.Logging;

namespace Platform.ServiceDefaults.FeatureFlags.Ofrep;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "Flags could not be evaluated for OFREP")]
    public static partial void EvaluationFailed(ILogger logger, Exception exception);
}
