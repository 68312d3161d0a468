using Microsoft.Extensions.Logging;

namespace Platform.ServiceDefaults.TokenBinding;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "{Action} on {Target}, {Times} times: {Reason}")]
    public static partial void Violation(ILogger logger, string action, string target, string reason, int times);

    [LoggerMessage(2, LogLevel.Error, "{Action} could not be written to the audit trail")]
    public static partial void NotAudited(ILogger logger, string action, Exception exception);

    [LoggerMessage(3, LogLevel.Warning, "Revoked tokens could not be read, what is known stays in force")]
    public static partial void RevocationsNotRead(ILogger logger, Exception exception);

    [LoggerMessage(4, LogLevel.Warning, "Over {Limit} tokens are revoked at once: the oldest revocations are not known here")]
    public static partial void TooManyRevocations(ILogger logger, int limit);

    [LoggerMessage(5, LogLevel.Debug, "Redis could not pass on a revocation: other hosts find it with their next look")]
    public static partial void NotPassedOn(ILogger logger, Exception exception);

    [LoggerMessage(6, LogLevel.Warning, "What a client looks like could not be kept or looked up: {Cause}")]
    public static partial void FirstUseNotKept(ILogger logger, string cause);
}
