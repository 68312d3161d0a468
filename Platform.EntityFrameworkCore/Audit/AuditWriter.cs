using Npgsql;
using Platform.Audit;
using Platform.EntityFrameworkCore.Connections;
using static Platform.EntityFrameworkCore.Connections.StoreConnection;

namespace Platform.EntityFrameworkCore.Audit;

/// <summary>Writes to the audit trail in a transaction of the caller's own, without EF Core. Thread safe.</summary>
public sealed class AuditWriter
{
    private const string Insert = """
        INSERT INTO {schema}.core_security_audit
            (id, occurred_at, actor, action, target, outcome, reason, trace_id, correlation_id, source, details, key_id, code)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        """;

    private readonly AuditRows _rows;
    private readonly StoreConnections _database;

    internal AuditWriter(AuditRows rows, StoreConnections database)
    {
        _rows = rows;
        _database = database;
    }

    /// <summary>Inserts an entry.</summary>
    /// <param name="connection">An open connection to the database that has the tables.</param>
    /// <param name="transaction">The caller's transaction; without one the entry is committed at once.</param>
    /// <param name="entry">What happened; the actor is <c>system</c> unless it says another.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The entry's id.</returns>
    public Task<Guid> RecordAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, AuditEvent entry, CancellationToken cancellationToken = default) =>
        InsertAsync(connection, transaction, _rows.Row(entry, caller: null), cancellationToken);

    internal async Task<Guid> InsertAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, AuditRow row, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        await using var command = new NpgsqlCommand(_database.Sql(Insert), connection, transaction)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid> { TypedValue = row.Id },
                new NpgsqlParameter<DateTimeOffset> { TypedValue = row.OccurredAt },
                Text(row.Actor),
                Text(row.Action),
                Text(row.Target),
                Text(row.Outcome),
                Text(row.Reason),
                Text(row.TraceId),
                Text(row.CorrelationId),
                Text(row.Source),
                Text(row.Details),
                new NpgsqlParameter<int> { TypedValue = row.KeyId },
                new NpgsqlParameter<byte[]> { TypedValue = row.Code },
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
        return row.Id;
    }
}
