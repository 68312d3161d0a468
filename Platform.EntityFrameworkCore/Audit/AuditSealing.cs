using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.Audit;
using Platform.EntityFrameworkCore.Connections;

namespace Platform.EntityFrameworkCore.Audit;

/// <summary>
/// Puts committed rows into the chain, one after another, and anchors its head outside the table. Only one process at a time gets past the
/// row of the head.
/// </summary>
/// <remarks>
/// Rows are taken as they become visible, so writers wait neither for this nor for each other. What is settled (see <see cref="AuditHead"/>) only
/// bounds the search: a transaction has its id before it draws a position, so when the sequence stood at <c>last</c> before this transaction got its
/// own id, and no transaction with a lower id runs any more, all positions up to <c>last</c> are committed or gone.
/// </remarks>
internal sealed class AuditSealing(
    [FromKeyedServices(typeof(AuditRow))] StoreConnections database, Lazy<AuditKeys> keys, IOptions<AuditOptions> options, TimeProvider time, ILogger<AuditSealing> logger)
{
    // One transaction seals as many at most.
    private const int Batch = 500;

    private const string Last = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {schema}.core_security_audit_position";

    private const string TakeHead = "SELECT sequence, hash, settled FROM {schema}.core_security_audit_head WHERE id = 1 FOR UPDATE";

    private const string MakeHead = """
        INSERT INTO {schema}.core_security_audit_head (id, sequence, hash, settled) VALUES (1, 0, decode(repeat('00', 32), 'hex'), 0) ON CONFLICT DO NOTHING
        """;

    private const string LastSeal = "SELECT sequence, hash FROM {schema}.core_security_audit_seal ORDER BY sequence DESC LIMIT 1";

    private const string AllOver = "SELECT pg_snapshot_xmin(pg_current_snapshot()) >= pg_current_xact_id()";

    private const string Rows = $"""
        SELECT a.position, {AuditReading.Columns} FROM {"{schema}"}.core_security_audit a {AuditReading.Erasures}
        WHERE a.position > $1 AND NOT EXISTS (SELECT 1 FROM {"{schema}"}.core_security_audit_seal s WHERE s.position = a.position)
        ORDER BY a.position LIMIT $2
        """;

    private const string Seal = """
        INSERT INTO {schema}.core_security_audit_seal (sequence, position, key_id, hash)
        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::int[], $4::bytea[])
        """;

    private const string MoveHead = "UPDATE {schema}.core_security_audit_head SET sequence = $1, hash = $2, settled = $3 WHERE id = 1";

    // What this process saw last: a chain that is behind it was set back.
    private (long Sequence, byte[] Hash)? _seen;
    private long _anchored = -1;
    private DateTimeOffset _anchoredAt = DateTimeOffset.MinValue;

    /// <summary>Seals what is committed and not sealed.</summary>
    /// <param name="anchor">Whether to anchor the head even before its time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many rows.</returns>
    public async Task<int> RunAsync(bool anchor, CancellationToken cancellationToken)
    {
        var total = 0;
        while (true)
        {
            var (taken, head) = await database.RunAsync(SealBatchAsync, cancellationToken);
            total += taken;
            if (taken == Batch)
            {
                continue;
            }

            await AnchorAsync(head, anchor, cancellationToken);
            return total;
        }
    }

    private async Task<(int Taken, (long Sequence, byte[] Hash) Head)> SealBatchAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        // First, so that this transaction's own id is later than those of all that have drawn a position up to here.
        long last;
        await using (var look = new NpgsqlCommand(database.Sql(Last), connection))
        {
            last = (long)(await look.ExecuteScalarAsync(cancellationToken))!;
        }

        var head = await TakeHeadAsync(connection, cancellationToken);
        Check(head);
        bool allOver;
        await using (var over = new NpgsqlCommand(AllOver, connection))
        {
            allOver = (bool)(await over.ExecuteScalarAsync(cancellationToken))!;
        }

        var (rows, forged, highest) = await ReadAsync(connection, head.Settled, cancellationToken);
        var full = rows.Count + forged == Batch;
        var ring = keys.Value;
        var key = ring.Find(ring.CurrentId)!;
        var sequence = head.Sequence;
        var hash = head.Hash;
        var hashes = new byte[rows.Count][];
        for (var i = 0; i < rows.Count; i++)
        {
            hashes[i] = hash = AuditChain.Link(key, hash, ++sequence, rows[i].Position, rows[i].Code);
        }

        // With a full batch there may be more before the place that the look saw.
        var settled = !allOver ? head.Settled : full ? Math.Max(head.Settled, Math.Min(last, highest)) : Math.Max(head.Settled, last);
        if (rows.Count > 0)
        {
            await using var seal = new NpgsqlCommand(database.Sql(Seal), connection)
            {
                Parameters =
                {
                    new NpgsqlParameter<long[]> { TypedValue = [.. Enumerable.Range(1, rows.Count).Select(i => head.Sequence + i)] },
                    new NpgsqlParameter<long[]> { TypedValue = [.. rows.Select(row => row.Position)] },
                    new NpgsqlParameter<int[]> { TypedValue = [.. Enumerable.Repeat(ring.CurrentId, rows.Count)] },
                    new NpgsqlParameter<byte[][]> { TypedValue = hashes },
                },
            };
            await seal.ExecuteNonQueryAsync(cancellationToken);
        }

        if (rows.Count > 0 || settled != head.Settled)
        {
            await using var move = new NpgsqlCommand(database.Sql(MoveHead), connection)
            {
                Parameters =
                {
                    new NpgsqlParameter<long> { TypedValue = sequence },
                    new NpgsqlParameter<byte[]> { TypedValue = hash },
                    new NpgsqlParameter<long> { TypedValue = settled },
                },
            };
            await move.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        _seen = (sequence, hash);
        Telemetry.Sealed.Add(rows.Count);
        return (full && allOver ? Batch : rows.Count, (sequence, hash));
    }

    private async Task<(long Sequence, byte[] Hash, long Settled)> TakeHeadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (await ReadHeadAsync(connection, cancellationToken) is { } there)
        {
            await using var last = new NpgsqlCommand(database.Sql(LastSeal), connection);
            await using var reader = await last.ExecuteReaderAsync(cancellationToken);
            var (sequence, hash) = await reader.ReadAsync(cancellationToken)
                ? (reader.GetInt64(0), reader.GetFieldValue<byte[]>(1))
                : (0, AuditChain.Start);
            if (sequence != there.Sequence || !AuditChain.Same(hash, there.Hash))
            {
                throw Tampered($"its last link is {sequence}, its head says {there.Sequence}");
            }

            return there;
        }

        await using (var make = new NpgsqlCommand(database.Sql(MakeHead), connection))
        {
            await make.ExecuteNonQueryAsync(cancellationToken);
        }

        return (await ReadHeadAsync(connection, cancellationToken))!.Value;
    }

    private async Task<(long Sequence, byte[] Hash, long Settled)?> ReadHeadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var take = new NpgsqlCommand(database.Sql(TakeHead), connection);
        await using var reader = await take.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (reader.GetInt64(0), reader.GetFieldValue<byte[]>(1), reader.GetInt64(2)) : null;
    }

    private void Check((long Sequence, byte[] Hash, long Settled) head)
    {
        if (_seen is { } seen && (head.Sequence < seen.Sequence || (head.Sequence == seen.Sequence && !AuditChain.Same(head.Hash, seen.Hash))))
        {
            throw Tampered($"it was at {seen.Sequence} and is at {head.Sequence}");
        }
    }

    private InvalidOperationException Tampered(string how)
    {
        Log.Tampered(logger, how);
        return new InvalidOperationException($"The audit chain was tampered with: {how}. Nothing is sealed until somebody has looked: audit verify.");
    }

    private async Task<(List<(long Position, byte[] Code)> Rows, int Forged, long Highest)> ReadAsync(
        NpgsqlConnection connection, long settled, CancellationToken cancellationToken)
    {
        List<(long, byte[])> rows = [];
        var forged = 0;
        var highest = settled;
        await using var read = new NpgsqlCommand(database.Sql(Rows), connection)
        {
            Parameters = { new NpgsqlParameter<long> { TypedValue = settled }, new NpgsqlParameter<int> { TypedValue = Batch } },
        };
        await using var reader = await read.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var position = highest = reader.GetInt64(0);
            var stored = AuditReading.Read(reader, 1);
            if (AuditReading.Fault(stored, keys.Value) is null)
            {
                rows.Add((position, stored.Code));
            }
            else
            {
                // It stays outside the chain, where verification finds it.
                forged++;
                Log.Forged(logger, position, stored.Entry.Id);
            }
        }

        return (rows, forged, highest);
    }

    private async Task AnchorAsync((long Sequence, byte[] Hash) head, bool now, CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow();
        if (head.Sequence == _anchored || head.Sequence == 0 || (!now && at - _anchoredAt < options.Value.AnchorEvery))
        {
            return;
        }

        var anchor = AuditAnchor.Make(keys.Value, head.Sequence, head.Hash, at);
        Log.Anchor(logger, head.Sequence, anchor.ToString());
        if (options.Value.AnchorFile is { Length: > 0 } file)
        {
            await File.AppendAllTextAsync(file, $"{anchor}\n", cancellationToken);
        }

        (_anchored, _anchoredAt) = (head.Sequence, at);
    }
}
