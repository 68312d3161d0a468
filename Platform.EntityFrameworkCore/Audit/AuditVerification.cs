using System.Data;
using Npgsql;
using Platform.Audit;
using Platform.EntityFrameworkCore.Connections;

namespace Platform.EntityFrameworkCore.Audit;

/// <summary>Looks through the whole trail for rows that were changed, removed, put in or put in another order.</summary>
public sealed class AuditVerification
{
    private const int MaxFindings = 100;

    private const string Chain = $"""
        SELECT s.sequence, s.position, s.key_id, s.hash, {AuditReading.Columns}
        FROM {"{schema}"}.core_security_audit_seal s LEFT JOIN {"{schema}"}.core_security_audit a ON a.position = s.position {AuditReading.Erasures} ORDER BY s.sequence
        """;

    private const string Outside = $"""
        SELECT a.position, {AuditReading.Columns} FROM {"{schema}"}.core_security_audit a
        LEFT JOIN {"{schema}"}.core_security_audit_seal s ON s.position = a.position {AuditReading.Erasures} WHERE s.position IS NULL ORDER BY a.position
        """;

    private const string Head = "SELECT sequence, hash, settled FROM {schema}.core_security_audit_head WHERE id = 1";

    private readonly StoreConnections _database;
    private readonly Lazy<AuditKeys> _keys;

    internal AuditVerification(StoreConnections database, Lazy<AuditKeys> keys)
    {
        _database = database;
        _keys = keys;
    }

    /// <summary>Reads everything in one snapshot, row by row, and holds it against the anchors.</summary>
    /// <param name="anchors">Anchors from the log or the anchor file, as they stand there; others than that are findings themselves.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<AuditVerdict> RunAsync(IReadOnlyCollection<string> anchors, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(anchors);
        return _database.RunAsync((connection, cancellation) => LookAsync(connection, anchors, cancellation), cancellationToken);
    }

    private async Task<AuditVerdict> LookAsync(NpgsqlConnection connection, IReadOnlyCollection<string> anchors, CancellationToken cancellationToken)
    {
        var findings = new Findings();
        var marks = Marks(anchors, findings);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var (sequence, hash, erased) = await FollowAsync(connection, marks, findings, cancellationToken);
        var settled = await CheckHeadAsync(connection, sequence, hash, findings, cancellationToken);
        var pending = await CheckOutsideAsync(connection, settled, findings, cancellationToken);
        foreach (var beyond in marks.Keys.Where(mark => mark > sequence).Order())
        {
            findings.Add(AuditFault.Truncated, beyond, null, null, $"an anchor knows link {beyond}, and the chain ends at {sequence}");
        }

        return new AuditVerdict(sequence, pending, marks.Count, findings.Count, findings.First) { Erased = erased };
    }

    private Dictionary<long, byte[]> Marks(IEnumerable<string> anchors, Findings findings)
    {
        var marks = new Dictionary<long, byte[]>();
        foreach (var text in anchors)
        {
            if (AuditAnchor.TryParse(text) is not { } anchor || !anchor.IsGenuine(_keys.Value))
            {
                findings.Add(AuditFault.ForgedAnchor, null, null, null, "an anchor was not made with a key that is configured here");
            }
            else if (!marks.TryAdd(anchor.Sequence, anchor.Hash) && !AuditChain.Same(marks[anchor.Sequence], anchor.Hash))
            {
                findings.Add(AuditFault.Rewritten, anchor.Sequence, null, null, "two anchors know different links of this number");
            }
        }

        return marks;
    }

    private async Task<(long Sequence, byte[] Hash, long Erased)> FollowAsync(
        NpgsqlConnection connection, Dictionary<long, byte[]> marks, Findings findings, CancellationToken cancellationToken)
    {
        long sequence = 0;
        long erased = 0;
        var hash = AuditChain.Start;
        await using var command = new NpgsqlCommand(_database.Sql(Chain), connection) { CommandTimeout = 0 };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var number = reader.GetInt64(0);
            var position = reader.GetInt64(1);
            var stored = reader.IsDBNull(4) ? null : AuditReading.Read(reader, 4);
            var link = reader.GetFieldValue<byte[]>(3);
            if (number != sequence + 1)
            {
                findings.Add(AuditFault.ChainBroken, sequence + 1, null, null, $"after link {sequence} comes link {number}");
            }

            if (stored is null)
            {
                findings.Add(AuditFault.Removed, number, position, null, "the row of this link is gone");
            }
            else if (AuditReading.Fault(stored, _keys.Value) is { } fault)
            {
                findings.Add(fault, number, position, stored.Entry.Id, fault is AuditFault.Changed
                    ? "the row has other content than was written" : "the row was written under a key that is not configured here");
            }
            else if (_keys.Value.Find(reader.GetInt32(2)) is not { } key)
            {
                findings.Add(AuditFault.UnknownKey, number, position, stored.Entry.Id, "the link was made with a key that is not configured here");
            }
            else if (number == sequence + 1 && !AuditChain.Same(AuditChain.Link(key, hash, number, position, stored.Code), link))
            {
                findings.Add(AuditFault.ChainBroken, number, position, stored.Entry.Id, "the link does not follow from the one before and this row");
            }

            if (marks.TryGetValue(number, out var mark) && !AuditChain.Same(mark, link))
            {
                findings.Add(AuditFault.Rewritten, number, position, stored?.Entry.Id, "an anchor knows another link here: the chain was cut off and went on");
            }

            erased += stored?.Erasure is null ? 0 : 1;
            (sequence, hash) = (number, link);
        }

        return (sequence, hash, erased);
    }

    private async Task<long> CheckHeadAsync(
        NpgsqlConnection connection, long sequence, byte[] hash, Findings findings, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(_database.Sql(Head), connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            if (sequence > 0)
            {
                findings.Add(AuditFault.Truncated, sequence, null, null, "the head of the chain is gone");
            }

            return 0;
        }

        var head = reader.GetInt64(0);
        if (head != sequence || !AuditChain.Same(reader.GetFieldValue<byte[]>(1), hash))
        {
            findings.Add(AuditFault.Truncated, Math.Min(head, sequence) + 1, null, null, $"the head of the chain is link {head}, and its last link is {sequence}");
        }

        return reader.GetInt64(2);
    }

    private async Task<long> CheckOutsideAsync(NpgsqlConnection connection, long settled, Findings findings, CancellationToken cancellationToken)
    {
        long pending = 0;
        await using var command = new NpgsqlCommand(_database.Sql(Outside), connection) { CommandTimeout = 0 };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var position = reader.GetInt64(0);
            var stored = AuditReading.Read(reader, 1);
            if (AuditReading.Fault(stored, _keys.Value) is not null)
            {
                findings.Add(AuditFault.Inserted, null, position, stored.Entry.Id, "a row that nobody with the key wrote");
            }
            else if (position <= settled)
            {
                findings.Add(AuditFault.Inserted, null, position, stored.Entry.Id, "a row that the chain does not know, at a place where it has been");
            }
            else
            {
                pending++;
            }
        }

        return pending;
    }

    private sealed class Findings
    {
        private readonly List<AuditFinding> _first = [];

        public long Count { get; private set; }

        public IReadOnlyList<AuditFinding> First => [.. _first.OrderBy(finding => finding.Sequence ?? long.MaxValue)];

        public void Add(AuditFault fault, long? sequence, long? position, Guid? id, string explanation)
        {
            Count++;
            if (_first.Count < MaxFindings)
            {
                _first.Add(new AuditFinding(fault, sequence, position, id, explanation));
            }
        }
    }
}
