using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platform.Errors;

namespace Platform.EntityFrameworkCore.Errors;

// What EF Core and Npgsql throw. The classes are those of appendix A of the PostgreSQL manual.
internal sealed class DatabaseErrors : IErrorTranslator
{
    // idle_in_transaction_session_timeout, and transaction_timeout from PostgreSQL 17 on.
    private const string IdleInTransaction = "25P03";
    private const string TransactionTimeout = "25P04";

    private static readonly TimeSpan ConflictRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan OutageRetry = TimeSpan.FromSeconds(5);

    public ErrorException? Translate(Exception exception)
    {
        // EF Core wraps what the driver throws, once or more: the retry strategy and SaveChanges each add a layer.
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case DbUpdateConcurrencyException:
                    return new ErrorException(ErrorCode.OperationNotAllowed, "The resource was changed by somebody else meanwhile.", exception);
                case PostgresException postgres:
                    return Of(postgres, exception);
                case NpgsqlException npgsql:
                    return Of(npgsql, exception);
            }
        }

        return null;
    }

    private static ErrorException Of(PostgresException postgres, Exception exception) => postgres.SqlState switch
    {
        PostgresErrorCodes.UniqueViolation => new(ErrorCode.ResourceAlreadyExists, null, exception),
        PostgresErrorCodes.ExclusionViolation => new(ErrorCode.ResourceAlreadyExists, "What is there already stands in the way of this.", exception),

        // From PostgreSQL 18 on a foreign key that restricts has a state of its own.
        PostgresErrorCodes.ForeignKeyViolation or PostgresErrorCodes.RestrictViolation =>
            new(ErrorCode.BusinessRuleViolation, "Something that this refers to does not exist, or is still referred to.", exception),
        PostgresErrorCodes.CheckViolation => new(ErrorCode.BusinessRuleViolation, "A value breaks a rule that the data have to keep.", exception),
        PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable =>
            new(ErrorCode.DatabaseError, "The database was busy with the same data.", exception) { RetryAfter = ConflictRetry },
        PostgresErrorCodes.QueryCanceled or TransactionTimeout => new(ErrorCode.Timeout, null, exception),
        { } state => state[..2] switch
        {
            // Connection, resources, operator intervention, system: the server is away, full or shutting down.
            "08" or "53" or "57" or "58" => Away(exception),

            // A standby after a failover takes no writes (25006), and a transaction that lay idle was cut off (25P03).
            "25" when state is PostgresErrorCodes.ReadOnlySqlTransaction or IdleInTransaction => Away(exception),

            // The password is being changed under us, or the database is being restored.
            "28" or "3D" => Away(exception),

            // Data that the type does not take, such as a NUL in a text.
            "22" => new(ErrorCode.InvalidInput, "A value cannot be stored.", exception),
            _ => new(ErrorCode.InternalError, null, exception),
        },
    };

    // Without an answer of the server: the connection could not be made or broke, or the command took too long.
    private static ErrorException Of(NpgsqlException npgsql, Exception exception) =>
        npgsql.InnerException is TimeoutException && npgsql.Message.StartsWith("Exception while", StringComparison.Ordinal)
            ? new(ErrorCode.Timeout, null, exception)
            : Away(exception);

    private static ErrorException Away(Exception exception) => new(ErrorCode.DatabaseError, null, exception) { RetryAfter = OutageRetry };
}
