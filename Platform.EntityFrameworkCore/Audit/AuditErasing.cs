using Npgsql;
using Platform.Audit;
using Platform.EntityFrameworkCore.Connections;
using Platform.EntityFrameworkCore.Redaction;
using static Platform.EntityFrameworkCore.Connections.StoreConnection;

namespace Platform.EntityFrameworkCore.Audit;

/// <summary>
/// Takes persons out of the texts of entries, in the caller's transaction. The row keeps the code that it was written with, so that the chain stays whole; a code of its own says
/// that what is left was left by somebody with the key.
/// </summary>
internal sealed class AuditErasing(StoreConnections database, Lazy<AuditKeys> keys, TimeProvider time)
{
    private const string Find = $"""
        SELECT {AuditReading.Columns} FROM {"{schema}"}.core_security_audit a {AuditReading.Erasures}
        WHERE a.id > $1 AND (a.target = $2 OR a.reason ILIKE ANY ($3) OR a.details ILIKE ANY ($3))
        ORDER BY a.id LIMIT $4 FOR UPDATE OF a
        """;

    private const string Record = """
        INSERT INTO {schema}.core_security_audit_erasure (entry_id, erased_at, key_id, code) VALUES ($1, $2, $3, $4)
        ON CONFLICT (entry_id) DO UPDATE SET erased_at = excluded.erased_at, key_id = excluded.key_id, code = excluded.code
        """;

    private const string Update = "UPDATE {schema}.core_security_audit SET reason = $2, details = $3 WHERE id = $1";

    /// <summary>The next entries that are on the target, or whose texts match one of the patterns of LIKE, by id; locked until the transaction ends.</summary>
    public async Task<List<StoredEntry>> FindAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, string target, string[] patterns, Guid after, int limit, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(database.Sql(Find), connection, transaction) { Parameters = { One(after), One(target), One(patterns), One(limit) } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var entries = new List<StoredEntry>();
        while (await reader.ReadAsync(cancellationToken))
        {
            entries.Add(AuditReading.Read(reader, 0));
        }

        return entries;
    }

    /// <summary>Replaces the texts of an entry by what is left of them.</summary>
    public async Task EraseAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, StoredEntry stored, string? reason, string? details, CancellationToken cancellationToken)
    {
        // The person goes from a row that somebody changed as well, and the change stays to be found: no key vouches for what is left.
        var ring = keys.Value;
        var left = stored.Entry with { Reason = reason is { Length: > AuditEvent.MaxReason } ? reason[..AuditEvent.MaxReason] : reason, Details = details };
        var code = AuditReading.Fault(stored, ring) is null ? AuditChain.Erasure(ring.Find(ring.CurrentId)!, stored.Code, left) : [];
        await using var batch = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand(ErasableHistory.Allow),
                new NpgsqlBatchCommand(database.Sql(Record)) { Parameters = { One(left.Id), One(time.GetUtcNow()), One(ring.CurrentId), One(code) } },
                new NpgsqlBatchCommand(database.Sql(Update)) { Parameters = { One(left.Id), Text(left.Reason), Text(left.Details) } },
            },
        };
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
