using Npgsql;
using NpgsqlTypes;
using Platform.EntityFrameworkCore.Connections;
using Platform.EntityFrameworkCore.Messaging.Dispatching;
using Platform.Messaging.DeadLetters;

namespace Platform.EntityFrameworkCore.Messaging.Operations;

/// <summary>Reads <c>core_dead_letter</c> and what was done with its rows.</summary>
internal sealed class DeadLetterQueries(MessagingDatabase database)
{
    /// <summary>The condition for a filter, whose values are the parameters 1 to 7.</summary>
    public const string Filter = """
        ($1::text IS NULL OR subscription = $1) AND ($2::text IS NULL OR event_type = $2) AND ($3::text IS NULL OR aggregate_id = $3)
        AND ($4::text IS NULL OR reason = $4) AND ($5::timestamptz IS NULL OR parked_at >= $5) AND ($6::timestamptz IS NULL OR parked_at < $6)
        AND ($7::uuid[] IS NULL OR event_id = ANY ($7))
        """;

    private const int MaxPage = 500;

    private const string ListColumns =
        "subscription, event_id, event_type, aggregate_type, aggregate_id, reason, attempts, error_type, error, occurred_at, parked_at, correlation_id, traceparent";

    private const string List = $"""
        SELECT {ListColumns} FROM {"{schema}"}.core_dead_letter
        WHERE {Filter} AND ($8::timestamptz IS NULL OR (parked_at, event_id, subscription) < ($8, $9, $10))
        ORDER BY parked_at DESC, event_id DESC, subscription DESC LIMIT $11
        """;

    private const string Find = $"SELECT {ListColumns}, payload::text, stack FROM {"{schema}"}.core_dead_letter WHERE subscription = $1 AND event_id = $2";

    private const string History = """
        SELECT action, actor, reason, before_hash, after_hash, at FROM {schema}.core_dead_letter_action
        WHERE subscription = $1 AND event_id = $2 ORDER BY at DESC, id DESC LIMIT 500
        """;

    public async Task<DeadLetterPage> ListAsync(
        DeadLetterFilter filter, int limit, string? after, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxPage);
        var cursor = DeadLetterCursor.Parse(after);
        await using var open = await database.OpenAsync(cancellationToken);
        await using var command = Filtered(open.Connection, List, filter);
        command.Parameters.Add(Nullable(cursor?.ParkedAt, NpgsqlDbType.TimestampTz));
        command.Parameters.Add(Nullable(cursor?.EventId, NpgsqlDbType.Uuid));
        command.Parameters.Add(StoreConnection.Text(cursor?.Subscription));
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit + 1 });
        List<DeadLetter> items = [];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            items.Add(Read(reader));
        }

        return items.Count <= limit
            ? new DeadLetterPage(items, null)
            : new DeadLetterPage(items[..limit], new DeadLetterCursor(items[limit - 1].ParkedAt, items[limit - 1].EventId, items[limit - 1].Subscription).ToString());
    }

    public async Task<DeadLetterDetails?> FindAsync(string subscription, Guid eventId, CancellationToken cancellationToken)
    {
        await using var open = await database.OpenAsync(cancellationToken);
        await using var command = One(open.Connection, Find, subscription, eventId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new DeadLetterDetails(Read(reader), reader.GetString(13), EventParameters.Text(reader, 14)) : null;
    }

    public async Task<IReadOnlyList<DeadLetterEntry>> HistoryAsync(string subscription, Guid eventId, CancellationToken cancellationToken)
    {
        List<DeadLetterEntry> entries = [];
        await using var open = await database.OpenAsync(cancellationToken);
        await using var command = One(open.Connection, History, subscription, eventId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            entries.Add(new DeadLetterEntry(
                reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), EventParameters.Text(reader, 4), reader.GetFieldValue<DateTimeOffset>(5)));
        }

        return entries;
    }

    /// <summary>Makes a command whose first parameters are the filter's values.</summary>
    public NpgsqlCommand Filtered(NpgsqlConnection connection, string statement, DeadLetterFilter filter) => new(database.Sql(statement), connection)
    {
        Parameters =
        {
            StoreConnection.Text(filter.Subscription),
            StoreConnection.Text(filter.EventType),
            StoreConnection.Text(filter.AggregateId),
            StoreConnection.Text(filter.Reason),
            Nullable(filter.ParkedFrom?.ToUniversalTime(), NpgsqlDbType.TimestampTz),
            Nullable(filter.ParkedTo?.ToUniversalTime(), NpgsqlDbType.TimestampTz),
            Nullable(filter.EventIds?.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid),
        },
    };

    private NpgsqlCommand One(NpgsqlConnection connection, string statement, string subscription, Guid eventId) => new(database.Sql(statement), connection)
    {
        Parameters = { new NpgsqlParameter<string> { TypedValue = subscription }, new NpgsqlParameter<Guid> { TypedValue = eventId } },
    };

    private static NpgsqlParameter Nullable(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };

    private static DeadLetter Read(NpgsqlDataReader row) => new()
    {
        Subscription = row.GetString(0),
        EventId = row.GetGuid(1),
        EventType = row.GetString(2),
        AggregateType = row.GetString(3),
        AggregateId = row.GetString(4),
        Reason = row.GetString(5),
        Attempts = row.GetInt32(6),
        ErrorType = row.GetString(7),
        Error = row.GetString(8),
        OccurredAt = row.GetFieldValue<DateTimeOffset>(9),
        ParkedAt = row.GetFieldValue<DateTimeOffset>(10),
        CorrelationId = EventParameters.Text(row, 11),
        TraceParent = EventParameters.Text(row, 12),
    };
}
