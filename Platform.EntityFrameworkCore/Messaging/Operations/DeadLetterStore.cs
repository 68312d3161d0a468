using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using NpgsqlTypes;
using Platform.EntityFrameworkCore.Connections;
using Platform.EntityFrameworkCore.Messaging.Dispatching;
using Platform.EntityFrameworkCore.Messaging.Lanes;
using Platform.Errors;
using Platform.Identifiers;
using Platform.Messaging;
using Platform.Messaging.DeadLetters;
using Platform.Redaction;

namespace Platform.EntityFrameworkCore.Messaging.Operations;

/// <summary>Lists, repairs, replays and discards dead letters.</summary>
internal sealed class DeadLetterStore(MessagingDatabase database, DeadLetterQueries queries, TimeProvider time) : IDeadLetters
{
    private const int MaxMany = 10_000;
    private const int Chunk = 200;
    private const int MaxActor = 200;
    private const int MaxReason = 1000;

    private const string Hash = "encode(sha256(convert_to(payload::text, 'UTF8')), 'hex')";

    private const string LockOne = $"SELECT {Hash} FROM {"{schema}"}.core_dead_letter WHERE subscription = $1 AND event_id = $2 FOR UPDATE";

    private const string Edit = $"""
        UPDATE {"{schema}"}.core_dead_letter SET payload = $3 WHERE subscription = $1 AND event_id = $2 RETURNING {Hash}
        """;

    private const string LockMany = $"""
        SELECT subscription, event_id, {Hash} FROM {"{schema}"}.core_dead_letter
        WHERE {DeadLetterQueries.Filter} ORDER BY position, subscription LIMIT $8 FOR UPDATE SKIP LOCKED
        """;

    private const string Defer = $"""
        INSERT INTO {"{schema}"}.core_inbox_deferred ({EventParameters.Columns}, blocking, attempts, next_attempt_at, deferred_at)
        SELECT {EventParameters.Columns}, false, 0, clock_timestamp(), now() FROM {"{schema}"}.core_dead_letter
        WHERE subscription = $1 AND event_id = $2
        ON CONFLICT DO NOTHING
        """;

    private const string Delete = "DELETE FROM {schema}.core_dead_letter WHERE subscription = $1 AND event_id = $2";

    private const string Record = """
        INSERT INTO {schema}.core_dead_letter_action (subscription, event_id, id, action, actor, reason, before_hash, after_hash, at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, clock_timestamp())
        """;

    public Task<DeadLetterPage> ListAsync(
        DeadLetterFilter filter, int limit = 50, string? after = null, CancellationToken cancellationToken = default) =>
        queries.ListAsync(filter, limit, after, cancellationToken);

    public Task<DeadLetterDetails?> FindAsync(string subscription, Guid eventId, CancellationToken cancellationToken = default) =>
        queries.FindAsync(subscription, eventId, cancellationToken);

    public Task<IReadOnlyList<DeadLetterEntry>> HistoryAsync(string subscription, Guid eventId, CancellationToken cancellationToken = default) =>
        queries.HistoryAsync(subscription, eventId, cancellationToken);

    public async Task EditAsync(string subscription, Guid eventId, string payload, OperatorAction action, CancellationToken cancellationToken = default)
    {
        Check(action);
        CheckPayload(payload);
        await using var open = await database.OpenAsync(cancellationToken);
        await using var transaction = await open.Connection.BeginTransactionAsync(cancellationToken);
        var before = await LockAsync(open.Connection, subscription, eventId, cancellationToken);
        await using var edit = One(open.Connection, Edit, subscription, eventId);
        edit.Parameters.Add(new NpgsqlParameter<string> { TypedValue = payload, NpgsqlDbType = NpgsqlDbType.Jsonb });
        var afterHash = (string)(await edit.ExecuteScalarAsync(cancellationToken))!;
        await using var batch = new NpgsqlBatch(open.Connection) { BatchCommands = { Audit(new Locked(subscription, eventId, before), "edited", action, afterHash) } };
        await batch.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    public Task ReplayAsync(string subscription, Guid eventId, OperatorAction action, CancellationToken cancellationToken = default) =>
        OneAsync(subscription, eventId, locked => Replay(locked, action), action, cancellationToken);

    public Task<int> ReplayAsync(DeadLetterFilter filter, OperatorAction action, int limit = 1000, CancellationToken cancellationToken = default) =>
        ManyAsync(filter, locked => Replay(locked, action), action, limit, cancellationToken);

    public Task DiscardAsync(string subscription, Guid eventId, OperatorAction action, CancellationToken cancellationToken = default) =>
        OneAsync(subscription, eventId, locked => Discard(locked, action), action, cancellationToken);

    public Task<int> DiscardAsync(DeadLetterFilter filter, OperatorAction action, int limit = 1000, CancellationToken cancellationToken = default) =>
        ManyAsync(filter, locked => Discard(locked, action), action, limit, cancellationToken);

    private NpgsqlBatchCommand[] Replay(Locked row, OperatorAction action) =>
        [Command(Defer, row), Command(Delete, row), Audit(row, "replayed", action, row.Hash)];

    private NpgsqlBatchCommand[] Discard(Locked row, OperatorAction action) => [Command(Delete, row), Audit(row, "discarded", action, null)];

    private async Task OneAsync(
        string subscription, Guid eventId, Func<Locked, NpgsqlBatchCommand[]> act, OperatorAction action, CancellationToken cancellationToken)
    {
        Check(action);
        await using var open = await database.OpenAsync(cancellationToken);
        await using var transaction = await open.Connection.BeginTransactionAsync(cancellationToken);
        var row = new Locked(subscription, eventId, await LockAsync(open.Connection, subscription, eventId, cancellationToken));
        await ActAsync(open.Connection, [row], act, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task<int> ManyAsync(
        DeadLetterFilter filter, Func<Locked, NpgsqlBatchCommand[]> act, OperatorAction action, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxMany);
        Check(action);
        await using var open = await database.OpenAsync(cancellationToken);
        // What is replayed now may be parked again before this ends, and must not be replayed again.
        filter = filter with { ParkedTo = filter.ParkedTo ?? await NowAsync(open.Connection, cancellationToken) };
        for (var done = 0; ;)
        {
            await using var transaction = await open.Connection.BeginTransactionAsync(cancellationToken);
            var rows = await LockAsync(open.Connection, filter, Math.Min(Chunk, limit - done), cancellationToken);
            if (rows.Count > 0)
            {
                await ActAsync(open.Connection, rows, act, cancellationToken);
                await transaction.CommitAsync(cancellationToken);
            }

            done += rows.Count;
            if (rows.Count < Chunk || done >= limit)
            {
                return done;
            }
        }
    }

    private async Task ActAsync(NpgsqlConnection connection, List<Locked> rows, Func<Locked, NpgsqlBatchCommand[]> act, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var command in rows.SelectMany(act))
        {
            batch.BatchCommands.Add(command);
        }

        batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT pg_notify($1, $2)")
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = database.Channel },
                new NpgsqlParameter<string> { TypedValue = LaneOwnership.DueNotice },
            },
        });
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<string> LockAsync(NpgsqlConnection connection, string subscription, Guid eventId, CancellationToken cancellationToken)
    {
        await using var command = One(connection, LockOne, subscription, eventId);
        return await command.ExecuteScalarAsync(cancellationToken) as string ?? throw ErrorException.NotFound("dead-letter", eventId);
    }

    private async Task<List<Locked>> LockAsync(NpgsqlConnection connection, DeadLetterFilter filter, int limit, CancellationToken cancellationToken)
    {
        List<Locked> rows = [];
        await using var command = queries.Filtered(connection, LockMany, filter);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(new Locked(reader.GetString(0), reader.GetGuid(1), reader.GetString(2)));
        }

        return rows;
    }

    private NpgsqlBatchCommand Audit(Locked row, string what, OperatorAction action, string? afterHash)
    {
        var command = Command(Record, row);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = Uuid7.Next(time) });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = what });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = action.Actor });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Redactor.Default.Redact(action.Reason, "reason") });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = row.Hash });
        command.Parameters.Add(StoreConnection.Text(afterHash));
        return command;
    }

    private NpgsqlBatchCommand Command(string statement, Locked row) => new(database.Sql(statement))
    {
        Parameters = { new NpgsqlParameter<string> { TypedValue = row.Subscription }, new NpgsqlParameter<Guid> { TypedValue = row.EventId } },
    };

    private NpgsqlCommand One(NpgsqlConnection connection, string statement, string subscription, Guid eventId) => new(database.Sql(statement), connection)
    {
        Parameters = { new NpgsqlParameter<string> { TypedValue = subscription }, new NpgsqlParameter<Guid> { TypedValue = eventId } },
    };

    private static async Task<DateTimeOffset> NowAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT clock_timestamp()", connection);
        return new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(cancellationToken))!);
    }

    private static void Check(OperatorAction action)
    {
        ArgumentNullException.ThrowIfNull(action);
        List<FieldError> errors = [];
        if (string.IsNullOrWhiteSpace(action.Actor) || action.Actor.Length > MaxActor)
        {
            errors.Add(new FieldError("/actor", "invalid", $"Say who does it, in up to {MaxActor} characters."));
        }

        if (string.IsNullOrWhiteSpace(action.Reason) || action.Reason.Length > MaxReason)
        {
            errors.Add(new FieldError("/reason", "invalid", $"Say why, in up to {MaxReason} characters."));
        }

        if (errors.Count > 0)
        {
            throw ErrorException.Validation(errors);
        }
    }

    private static void CheckPayload(string payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        if (Redactor.IsRedacted(payload))
        {
            throw ErrorException.Validation(new FieldError("/payload", "redacted", "This holds redacted values. Send the values themselves."));
        }

        try
        {
            if (JsonNode.Parse(payload) is JsonObject)
            {
                return;
            }
        }
        catch (JsonException)
        {
            // Said below.
        }

        throw ErrorException.Validation(new FieldError("/payload", "invalid", "The body of an event is a JSON object."));
    }

    private sealed record Locked(string Subscription, Guid EventId, string Hash);
}
