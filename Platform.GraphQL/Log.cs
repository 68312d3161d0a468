namespace Platform.GraphQL;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "The resolver of {ParentType}.{Field} failed.")]
    public static partial void ResolverFailed(ILogger logger, string? parentType, string? field, Exception exception);

    [LoggerMessage(2, LogLevel.Debug, "A GraphQL request was refused: {Code}, {Reason}")]
    public static partial void RequestRefused(ILogger logger, string code, string reason);
}
