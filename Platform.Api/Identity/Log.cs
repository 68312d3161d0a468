namespace Platform.Api.Identity;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "The key ring has {Count} signing keys, {KeyId} signs")]
    public static partial void KeysRead(ILogger logger, int count, string keyId);

    [LoggerMessage(2, LogLevel.Warning, "The keys of the token server could not be read: {Code}")]
    public static partial void KeysNotRead(ILogger logger, string code, Exception exception);

    [LoggerMessage(3, LogLevel.Information, "{Count} expired tokens were removed")]
    public static partial void TokensPruned(ILogger logger, long count);

    [LoggerMessage(4, LogLevel.Warning, "Expired tokens could not be removed: {Code}")]
    public static partial void TokensNotPruned(ILogger logger, string code, Exception exception);

    [LoggerMessage(5, LogLevel.Warning, "A code or refresh token was used a second time, its family {Family} is ended")]
    public static partial void TokenReused(ILogger logger, Guid family);
}
