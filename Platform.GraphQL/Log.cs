namespace Platform.GraphQL;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "The resolver of {ParentType}.{Field} failed.")]
    public static partial void ResolverFailed(ILogger logger, string? parentType, string? field, Exception exception);

    [LoggerMessage(2, LogLevel.Debug, "A GraphQL request was refused: {Code}, {Reason}")]
    public static partial void RequestRefused(ILogger logger, string code, string reason);

    [LoggerMessage(3, LogLevel.Warning, "The database is away: persisted documents are those in memory.")]
    public static partial void DocumentStoreAway(ILogger logger, Exception exception);

    [LoggerMessage(4, LogLevel.Debug, "Redis is away: persisted documents come from the database.")]
    public static partial void RedisDocumentsAway(ILogger logger, Exception exception);

    [LoggerMessage(5, LogLevel.Warning, "Counts of persisted documents could not be written, and are lost.")]
    public static partial void UsageNotWritten(ILogger logger, Exception exception);

    [LoggerMessage(6, LogLevel.Error, "An operation of a connection failed.")]
    public static partial void OperationFailed(ILogger logger, Exception exception);
}
