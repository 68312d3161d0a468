using Microsoft.Extensions.Logging;

namespace Platform.EntityFrameworkCore.Conditional;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Debug, "Other processes were not told of changes; they notice by themselves")]
    public static partial void SignalFailed(ILogger logger, Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "The log of changes cannot be followed: versions are read from the database until it can")]
    public static partial void FollowingFailed(ILogger logger, Exception exception);
}
