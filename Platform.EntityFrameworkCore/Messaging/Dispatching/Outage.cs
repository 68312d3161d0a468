using Npgsql;

namespace Platform.EntityFrameworkCore.Messaging.Dispatching;

/// <summary>Tells failures of the database from failures of a handler: only the second kind counts as an attempt.</summary>
internal static class Outage
{
    // PostgreSQL manual, appendix A: the database is going down, is out of memory, disk or connections, or cannot be reached.
    private static readonly string[] Classes = ["08", "53", "57", "58"];

    /// <summary>The database cannot work for anyone at present.</summary>
    /// <remarks>A statement that took too long is no outage: an event whose effect is slow must not come again for ever.</remarks>
    public static bool Is(Exception exception) => Database(exception) switch
    {
        PostgresException error => error.SqlState != PostgresErrorCodes.QueryCanceled && Classes.Contains(error.SqlState[..2], StringComparer.Ordinal),
        NpgsqlException { InnerException: TimeoutException } => false,
        NpgsqlException => true,
        _ => false,
    };

    /// <summary>Another transaction was in the way: the same may succeed at once.</summary>
    public static bool IsConflict(Exception exception) =>
        Database(exception) is PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected };

    /// <summary>An earlier statement failed and its exception was swallowed: who did it cannot be told.</summary>
    public static bool IsAftermath(Exception exception) =>
        Database(exception) is PostgresException { SqlState: PostgresErrorCodes.InFailedSqlTransaction };

    private static Exception? Database(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is NpgsqlException)
            {
                return exception;
            }
        }

        return null;
    }
}
