using Microsoft.Extensions.Logging;

namespace Platform.ServiceDefaults.Secrets;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "There is no key-encryption key here ({Section}:KeyEncryptionKey): stored secrets are not read, rotated ones do not come here")]
    public static partial void NoKey(ILogger logger, string section);

    [LoggerMessage(2, LogLevel.Warning, "Secrets could not be read: {Error}")]
    public static partial void NotRead(ILogger logger, string error, Exception exception);

    [LoggerMessage(3, LogLevel.Warning, "The database does not tell of new secrets at present, they are found by the poll: {Error}")]
    public static partial void NotTold(ILogger logger, string error);

    [LoggerMessage(4, LogLevel.Error, "The secret {Name} does not open here: {Reason}")]
    public static partial void NotOpened(ILogger logger, string name, string reason);

    [LoggerMessage(5, LogLevel.Warning, "{Observer} could not take the secret {Name} up; it is tried again")]
    public static partial void NotTaken(ILogger logger, string name, string observer, Exception exception);
}
