using Npgsql;

namespace Platform.EntityFrameworkCore.Messaging.Dispatching;

/// <summary>The marks of what was handled, in <c>core_inbox_event</c>.</summary>
internal sealed class InboxTable(MessagingDatabase database)
{
    private const string Insert = """
        INSERT INTO {schema}.core_inbox_event (consumer, event_id, handled_at)
        SELECT $1, id, now() FROM unnest($2) AS id
        ON CONFLICT DO NOTHING
        """;

    private const string InsertOne = """
        INSERT INTO {schema}.core_inbox_event (consumer, event_id, handled_at) VALUES ($1, $2, now()) ON CONFLICT DO NOTHING
        """;

    private const string Mine = """
        SELECT event_id FROM {schema}.core_inbox_event
        WHERE consumer = $1 AND event_id = ANY ($2) AND xmin = pg_current_xact_id()::xid
        """;

    private const string Exists = "SELECT 1 FROM {schema}.core_inbox_event WHERE consumer = $1 AND event_id = $2";

    /// <summary>Marks events as handled, in the connection's transaction.</summary>
    /// <returns>The events that were marked already, and must not be handled; null when there are none.</returns>
    public async Task<HashSet<Guid>?> MarkAsync(NpgsqlConnection connection, string consumer, Guid[] ids, CancellationToken cancellationToken)
    {
        await using var insert = ids is [var one] ? Command(connection, InsertOne, consumer, one) : Command(connection, Insert, consumer, ids);
        await database.PreparedAsync(insert, cancellationToken);
        if (await insert.ExecuteNonQueryAsync(cancellationToken) == ids.Length)
        {
            return null;
        }

        // Rare: no RETURNING above, which would cost every batch.
        HashSet<Guid> known = [.. ids];
        await using var select = Command(connection, Mine, consumer, ids);
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            known.Remove(reader.GetGuid(0));
        }

        return known;
    }

    public async Task<bool> ContainsAsync(NpgsqlConnection connection, string consumer, Guid id, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, Exists, consumer, id);
        await database.PreparedAsync(command, cancellationToken);
        return await command.ExecuteScalarAsync(cancellationToken) is not null;
    }

    private NpgsqlCommand Command<T>(NpgsqlConnection connection, string statement, string consumer, T id) => new(database.Sql(statement), connection)
    {
        Parameters = { new NpgsqlParameter<string> { TypedValue = consumer }, new NpgsqlParameter<T> { TypedValue = id } },
    };
}
