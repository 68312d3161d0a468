using Npgsql;
using NpgsqlTypes;
using Platform.EntityFrameworkCore.Connections;
using Platform.Messaging;

namespace Platform.EntityFrameworkCore.Messaging.Dispatching;

/// <summary>Writes and reads the columns that the tables of deferred events and of dead letters share, in one order.</summary>
internal static class EventParameters
{
    public const string Columns =
        "subscription, event_id, position, lane, event_type, aggregate_type, aggregate_id, payload, correlation_id, traceparent, tracestate, baggage, actor, occurred_at";

    public const string Placeholders = "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14";

    /// <summary>How many there are: a statement's own parameters come after them.</summary>
    public const int Count = 14;

    public static NpgsqlBatchCommand Add(NpgsqlBatchCommand command, string subscription, EventEnvelope e)
    {
        var parameters = command.Parameters;
        parameters.Add(new NpgsqlParameter<string> { TypedValue = subscription });
        parameters.Add(new NpgsqlParameter<Guid> { TypedValue = e.Id });
        parameters.Add(new NpgsqlParameter<long> { TypedValue = e.Position });
        parameters.Add(new NpgsqlParameter<short> { TypedValue = e.Lane });
        parameters.Add(new NpgsqlParameter<string> { TypedValue = e.EventType });
        parameters.Add(new NpgsqlParameter<string> { TypedValue = e.AggregateType });
        parameters.Add(new NpgsqlParameter<string> { TypedValue = e.AggregateId });
        parameters.Add(new NpgsqlParameter<ReadOnlyMemory<byte>> { TypedValue = e.Payload, NpgsqlDbType = NpgsqlDbType.Jsonb });
        parameters.Add(StoreConnection.Text(e.CorrelationId));
        parameters.Add(StoreConnection.Text(e.TraceParent));
        parameters.Add(StoreConnection.Text(e.TraceState));
        parameters.Add(StoreConnection.Text(e.Baggage));
        parameters.Add(StoreConnection.Text(e.Actor));
        parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = e.OccurredAt.ToUniversalTime() });
        return command;
    }

    /// <summary>Reads what <see cref="Columns"/> selected, from the first column on.</summary>
    public static EventEnvelope Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(1),
        Position = row.GetInt64(2),
        Lane = row.GetInt16(3),
        EventType = row.GetString(4),
        AggregateType = row.GetString(5),
        AggregateId = row.GetString(6),
        Payload = row.GetFieldValue<byte[]>(7),
        CorrelationId = Text(row, 8),
        TraceParent = Text(row, 9),
        TraceState = Text(row, 10),
        Baggage = Text(row, 11),
        Actor = Text(row, 12),
        OccurredAt = row.GetFieldValue<DateTimeOffset>(13),
    };

    public static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
