using Npgsql;
using NpgsqlTypes;
using Platform.EntityFrameworkCore.Messaging.Tables;
using Platform.Messaging;
using static Platform.EntityFrameworkCore.Connections.StoreConnection;

namespace Platform.EntityFrameworkCore.Messaging;

/// <summary>Records events in a transaction of the caller's own, without EF Core. Thread safe.</summary>
public sealed class OutboxWriter
{
    private const string Insert = """
        INSERT INTO {schema}.core_outbox_event
            (id, lane, event_type, aggregate_type, aggregate_id, payload, correlation_id, traceparent, tracestate, baggage, actor, occurred_at, available_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        """;

    private readonly Sending.OutboxRows _rows;
    private readonly MessagingDatabase _database;
    private readonly IEventMetadata _metadata;

    internal OutboxWriter(Sending.OutboxRows rows, MessagingDatabase database, IEventMetadata metadata)
    {
        _rows = rows;
        _database = database;
        _metadata = metadata;
    }

    /// <summary>Inserts an event, and wakes consumers when the transaction commits.</summary>
    /// <typeparam name="TEvent">A type that was registered with <c>AddEvents</c>.</typeparam>
    /// <param name="connection">An open connection to the database that has the tables.</param>
    /// <param name="transaction">The caller's transaction; without one the event is committed at once.</param>
    /// <param name="event">What happened.</param>
    /// <param name="notBefore">Deliver it no earlier than this; at once by default.</param>
    /// <param name="metadata">Who causes it; by default what the trace says, and no actor. In a request, resolve it from the scope.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The event's id.</returns>
    /// <exception cref="InvalidOperationException"><typeparamref name="TEvent"/> is not registered.</exception>
    public async Task<Guid> EnqueueAsync<TEvent>(
        NpgsqlConnection connection,
        NpgsqlTransaction? transaction,
        TEvent @event,
        DateTimeOffset? notBefore = null,
        IEventMetadata? metadata = null,
        CancellationToken cancellationToken = default)
        where TEvent : class
    {
        ArgumentNullException.ThrowIfNull(connection);
        var row = _rows.Row(@event, notBefore, metadata ?? _metadata, cause: null);
        await using var batch = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands = { InsertOf(row), Sending.WakeUp.Notification(_database.Channel, 1UL << row.Lane) },
        };
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return row.Id;
    }

    private NpgsqlBatchCommand InsertOf(OutboxEvent row) => new(_database.Sql(Insert))
    {
        Parameters =
        {
            new NpgsqlParameter<Guid> { TypedValue = row.Id },
            new NpgsqlParameter<short> { TypedValue = row.Lane },
            new NpgsqlParameter<string> { TypedValue = row.EventType },
            new NpgsqlParameter<string> { TypedValue = row.AggregateType },
            new NpgsqlParameter<string> { TypedValue = row.AggregateId },
            new NpgsqlParameter<string> { TypedValue = row.Payload, NpgsqlDbType = NpgsqlDbType.Jsonb },
            Text(row.CorrelationId),
            Text(row.TraceParent),
            Text(row.TraceState),
            Text(row.Baggage),
            Text(row.Actor),
            new NpgsqlParameter<DateTimeOffset> { TypedValue = row.OccurredAt },
            new NpgsqlParameter { Value = row.AvailableAt ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz },
        },
    };
}
