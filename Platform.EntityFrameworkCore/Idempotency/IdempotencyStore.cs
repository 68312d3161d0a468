using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using NpgsqlTypes;
using Platform.EntityFrameworkCore.Connections;
using Platform.Idempotency;

namespace Platform.EntityFrameworkCore.Idempotency;

/// <summary>Keeps answers beside the business, in the context's own database.</summary>
/// <remarks>
/// The lock of an attempt is an advisory one that ends with the transaction: whoever does not get it knows at once that the key is in flight, and a
/// process that dies leaves none behind. Its number is a hash, so two keys may share one now and then: a 409 more, whose repetition passes.
/// </remarks>
internal sealed class IdempotencyStore<TContext>(TContext context) : IIdempotencyStore
    where TContext : DbContext
{
    private const string Find = """
        SELECT pg_try_advisory_xact_lock(hashtextextended($1 || E'\x1f' || $2, 4713)) AS locked
        """;

    private const string Read = "SELECT fingerprint, status, headers, body FROM {schema}.core_idempotency_key WHERE client = $1 AND key = $2";

    private const string Insert =
        "INSERT INTO {schema}.core_idempotency_key (client, key, fingerprint, status, headers, body) VALUES ($1, $2, $3, $4, $5, $6)";

    public async Task<IIdempotentAttempt> BeginAsync(string client, string key, ReadOnlyMemory<byte> fingerprint, CancellationToken cancellationToken)
    {
        var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        try
        {
            // A statement of its own: the answer has to be looked for in a snapshot that is younger than the lock.
            await using var batch = Batch(transaction, Find, Sql(Read));
            foreach (var command in batch.BatchCommands)
            {
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = client });
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key });
            }

            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            if (!reader.GetBoolean(0))
            {
                return new Attempt(this, transaction, IdempotencyState.InFlight);
            }

            await reader.NextResultAsync(cancellationToken);
            if (!await reader.ReadAsync(cancellationToken))
            {
                return new Attempt(this, transaction, IdempotencyState.New) { Client = client, Key = key, Fingerprint = fingerprint };
            }

            return reader.GetFieldValue<byte[]>(0).AsSpan().SequenceEqual(fingerprint.Span)
                ? new Attempt(this, transaction, IdempotencyState.Answered)
                {
                    Answer = new StoredAnswer(
                        reader.GetInt16(1), JsonSerializer.Deserialize(reader.GetString(2), IdempotencyJson.Default.DictionaryStringString)!, reader.GetFieldValue<byte[]>(3)),
                }
                : new Attempt(this, transaction, IdempotencyState.OtherRequest);
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    private NpgsqlBatch Batch(IDbContextTransaction transaction, params ReadOnlySpan<string> statements)
    {
        var batch = new NpgsqlBatch((NpgsqlConnection)context.Database.GetDbConnection(), (NpgsqlTransaction)transaction.GetDbTransaction());
        foreach (var statement in statements)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(statement));
        }

        return batch;
    }

    private string Sql(string statement) => TableSchema.Of(context, typeof(IdempotencyRecord)).Sql(statement);

    private sealed class Attempt(IdempotencyStore<TContext> store, IDbContextTransaction transaction, IdempotencyState state) : IIdempotentAttempt
    {
        public string Client { get; init; } = "";

        public string Key { get; init; } = "";

        public ReadOnlyMemory<byte> Fingerprint { get; init; }

        public IdempotencyState State => state;

        public StoredAnswer? Answer { get; init; }

        public async Task CompleteAsync(StoredAnswer answer, CancellationToken cancellationToken)
        {
            await using (var batch = store.Batch(transaction, store.Sql(Insert)))
            {
                var parameters = batch.BatchCommands[0].Parameters;
                parameters.Add(new NpgsqlParameter<string> { TypedValue = Client });
                parameters.Add(new NpgsqlParameter<string> { TypedValue = Key });
                parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = Fingerprint.ToArray() });
                parameters.Add(new NpgsqlParameter<short> { TypedValue = (short)answer.Status });
                parameters.Add(new NpgsqlParameter<string>
                {
                    TypedValue = JsonSerializer.Serialize(new(answer.Headers), IdempotencyJson.Default.DictionaryStringString),
                    NpgsqlDbType = NpgsqlDbType.Jsonb,
                });
                parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = answer.Body.ToArray() });
                await batch.ExecuteNonQueryAsync(cancellationToken);
            }

            await transaction.CommitAsync(cancellationToken);
        }

        // What was not committed is rolled back.
        public ValueTask DisposeAsync() => transaction.DisposeAsync();
    }
}
