using System.Data;
using System.Data.Common;
using Npgsql;

namespace Platform.EntityFrameworkCore.Messaging.Dispatching;

/// <summary>Tells failures of the database from failures of a handler: only the second kind counts as an attempt.</summary>
internal static class Outage
{
    // PostgreSQL manual, appendix A: the database is going down, is out of memory, disk or connections, or cannot be reached.
    private static readonly string[] Classes = ["08", "53", "57", "58", "XX"];

    public static bool Is(Exception exception) => Database(exception) switch
    {
        PostgresException error => Classes.Contains(error.SqlState[..2], StringComparer.Ordinal),
        NpgsqlException => true,
        _ => false,
    };

    /// <summary>The handler's own failure tells nothing when its connection broke under it.</summary>
    public static bool Is(Exception exception, DbConnection connection) =>
        Is(exception) && (connection.State is not ConnectionState.Open || connection.FullStateBroken());

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

    private static bool FullStateBroken(this DbConnection connection) =>
        connection is NpgsqlConnection npgsql && npgsql.FullState.HasFlag(ConnectionState.Broken);
}
