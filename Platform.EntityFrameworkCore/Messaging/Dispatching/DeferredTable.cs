using Npgsql;
using NpgsqlTypes;
using Platform.EntityFrameworkCore.Connections;
using Platform.EntityFrameworkCore.Messaging.Lanes;
using Platform.Messaging;

namespace Platform.EntityFrameworkCore.Messaging.Dispatching;

/// <summary>Events that one subscription handles later, in <c>core_inbox_deferred</c>. Only the owner of a lane touches its rows.</summary>
internal sealed class DeferredTable(MessagingDatabase database, string subscription)
{
    // A row that is there already (a dead letter replayed while the log is replayed too) stays as it is.
    private const string Insert = $"""
        INSERT INTO {"{schema}"}.core_inbox_deferred ({EventParameters.Columns}, blocking, attempts, next_attempt_at, last_error, deferred_at)
        VALUES ({EventParameters.Placeholders}, $15, $16, coalesce($17, clock_timestamp() + $18), $19, now())
        ON CONFLICT DO NOTHING
        """;

    private const string SelectDue = $"""
        SELECT {EventParameters.Columns}, blocking, attempts
        FROM {"{schema}"}.core_inbox_deferred
        WHERE subscription = $1 AND lane = ANY ($2) AND next_attempt_at <= clock_timestamp()
        ORDER BY next_attempt_at, sequence LIMIT $3
        """;

    private const string SelectNext = """
        SELECT extract(epoch FROM min(next_attempt_at) - clock_timestamp())::float8
        FROM {schema}.core_inbox_deferred WHERE subscription = $1 AND lane = ANY ($2)
        """;

    // The attempt counts from before it starts: a handler that takes the process down with it runs out of attempts too.
    private const string Claim = """
        UPDATE {schema}.core_inbox_deferred SET attempts = attempts + 1, next_attempt_at = clock_timestamp() + $3
        WHERE subscription = $1 AND event_id = $2
          AND EXISTS (SELECT 1 FROM {schema}.core_subscription_lane WHERE subscription = $1 AND lane = $4 AND epoch = $5)
        RETURNING attempts
        """;

    private const string Queue = """
        UPDATE {schema}.core_inbox_deferred
        SET blocking = true, next_attempt_at = NULL, sequence = nextval(pg_get_serial_sequence('{schema}.core_inbox_deferred', 'sequence'))
        WHERE subscription = $1 AND event_id = $2
        """;

    private const string Fail = """
        UPDATE {schema}.core_inbox_deferred SET blocking = true, next_attempt_at = clock_timestamp() + $3, last_error = $4
        WHERE subscription = $1 AND event_id = $2
        """;

    // What waits for a gate has not been tried.
    private const string Postpone = """
        UPDATE {schema}.core_inbox_deferred SET blocking = true, attempts = greatest(attempts - 1, 0), next_attempt_at = clock_timestamp() + $3
        WHERE subscription = $1 AND event_id = $2
        """;

    private const string Delete = "DELETE FROM {schema}.core_inbox_deferred WHERE subscription = $1 AND event_id = $2";

    private const string Promote = """
        UPDATE {schema}.core_inbox_deferred SET next_attempt_at = clock_timestamp()
        WHERE subscription = $1 AND event_id = (
            SELECT event_id FROM {schema}.core_inbox_deferred
            WHERE subscription = $1 AND aggregate_type = $3 AND aggregate_id = $4 AND blocking AND event_id <> $2
            ORDER BY sequence LIMIT 1)
        """;

    /// <summary>Puts an event off.</summary>
    /// <param name="envelope">The event.</param>
    /// <param name="blocking">Whether later events of the aggregate wait for it.</param>
    /// <param name="attempts">How often it was tried.</param>
    /// <param name="at">When it is due.</param>
    /// <param name="delay">When it is due, from now; with neither it waits for the one before it.</param>
    /// <param name="error">What went wrong.</param>
    public NpgsqlBatchCommand Defer(EventEnvelope envelope, bool blocking, int attempts, DateTimeOffset? at, TimeSpan? delay, string? error)
    {
        var command = EventParameters.Add(new NpgsqlBatchCommand(database.Sql(Insert)), subscription, envelope);
        command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = blocking });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = attempts });
        command.Parameters.Add(new NpgsqlParameter { Value = at?.ToUniversalTime() ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new NpgsqlParameter { Value = delay ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Interval });
        command.Parameters.Add(StoreConnection.Text(error));
        return command;
    }

    /// <summary>Finds what is due.</summary>
    public async Task<List<DeferredEntry>> DueAsync(NpgsqlConnection connection, short[] lanes, int limit, CancellationToken cancellationToken)
    {
        List<DeferredEntry> due = [];
        await using var command = Lanes(connection, SelectDue, lanes);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            due.Add(new DeferredEntry(EventParameters.Read(reader), reader.GetBoolean(EventParameters.Count), reader.GetInt32(EventParameters.Count + 1)));
        }

        return due;
    }

    /// <summary>Tells when the next one is due, from now; null when none is waiting for a time.</summary>
    public async Task<TimeSpan?> NextAsync(NpgsqlConnection connection, short[] lanes, CancellationToken cancellationToken)
    {
        await using var command = Lanes(connection, SelectNext, lanes);
        return await command.ExecuteScalarAsync(cancellationToken) is double seconds ? TimeSpan.FromSeconds(Math.Clamp(seconds, 0, 1e6)) : null;
    }

    /// <summary>Counts an attempt before it is made.</summary>
    /// <param name="connection">Outside any transaction.</param>
    /// <param name="eventId">The event.</param>
    /// <param name="lane">Its lane, which has to be owned.</param>
    /// <param name="again">When it comes again if this attempt never ends.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The number of this attempt; 0 when the row or the lane is gone.</returns>
    public async Task<int> ClaimAsync(NpgsqlConnection connection, Guid eventId, OwnedLane lane, TimeSpan again, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, Claim, eventId);
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = again });
        command.Parameters.Add(new NpgsqlParameter<short> { TypedValue = lane.Lane });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = lane.Epoch });
        return await command.ExecuteScalarAsync(cancellationToken) as int? ?? 0;
    }

    /// <summary>Puts an event that is due behind the failed one of its aggregate.</summary>
    public Task QueueAsync(NpgsqlConnection connection, Guid eventId, CancellationToken cancellationToken) =>
        RunAsync(Command(connection, Queue, eventId), cancellationToken);

    public Task FailAsync(NpgsqlConnection connection, Guid eventId, TimeSpan delay, string error, CancellationToken cancellationToken)
    {
        var command = Command(connection, Fail, eventId);
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = delay });
        command.Parameters.Add(StoreConnection.Text(error));
        return RunAsync(command, cancellationToken);
    }

    /// <summary>Puts an event off that was claimed and then not tried after all.</summary>
    public Task PostponeAsync(NpgsqlConnection connection, Guid eventId, TimeSpan delay, CancellationToken cancellationToken)
    {
        var command = Command(connection, Postpone, eventId);
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = delay });
        return RunAsync(command, cancellationToken);
    }

    /// <summary>Removes an event that is done or parked, and makes the one behind it due.</summary>
    /// <returns>Whether there is one behind it; if not, the aggregate is free.</returns>
    public async Task<bool> RemoveAsync(NpgsqlConnection connection, DeferredEntry entry, CancellationToken cancellationToken)
    {
        var envelope = entry.Envelope;
        await RunAsync(Command(connection, Delete, envelope.Id), cancellationToken);
        if (!entry.Blocking)
        {
            return false;
        }

        var promote = Command(connection, Promote, envelope.Id);
        promote.Parameters.Add(new NpgsqlParameter<string> { TypedValue = envelope.AggregateType });
        promote.Parameters.Add(new NpgsqlParameter<string> { TypedValue = envelope.AggregateId });
        return await RunAsync(promote, cancellationToken) > 0;
    }

    private NpgsqlCommand Command(NpgsqlConnection connection, string statement, Guid eventId) => new(database.Sql(statement), connection)
    {
        Parameters = { new NpgsqlParameter<string> { TypedValue = subscription }, new NpgsqlParameter<Guid> { TypedValue = eventId } },
    };

    private NpgsqlCommand Lanes(NpgsqlConnection connection, string statement, short[] lanes) => new(database.Sql(statement), connection)
    {
        Parameters = { new NpgsqlParameter<string> { TypedValue = subscription }, new NpgsqlParameter<short[]> { TypedValue = lanes } },
    };

    private static async Task<int> RunAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using (command)
        {
            return await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}

/// <summary>A deferred event that is due.</summary>
internal sealed record DeferredEntry(EventEnvelope Envelope, bool Blocking, int Attempts);
