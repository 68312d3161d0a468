using Microsoft.Extensions.Logging;

namespace Platform.ServiceDefaults.Errors;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "The request failed unexpectedly")]
    public static partial void Unexpected(ILogger logger, Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "The request failed with {Status} {Code} because of {Cause}")]
    public static partial void Failed(ILogger logger, int status, string code, string cause);

    [LoggerMessage(3, LogLevel.Debug, "The request was refused with {Status} {Code}")]
    public static partial void Refused(ILogger logger, int status, string code);

    [LoggerMessage(4, LogLevel.Debug, "The client went away before the answer")]
    public static partial void ClientGone(ILogger logger, Exception exception);
}
