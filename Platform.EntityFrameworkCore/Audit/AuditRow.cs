namespace Platform.EntityFrameworkCore.Audit;

// A row of core_security_audit: written once, in the transaction of whoever has something to tell.
internal sealed class AuditRow
{
    public required Guid Id { get; init; }

    // Drawn by the database. Gaps are transactions that were rolled back.
    public long Position { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }

    public required string Actor { get; init; }

    public required string Action { get; init; }

    public required string Target { get; init; }

    public required string Outcome { get; init; }

    public string? Reason { get; init; }

    public string? TraceId { get; init; }

    public string? CorrelationId { get; init; }

    public required string Source { get; init; }

    public string? Details { get; init; }

    public required int KeyId { get; init; }

    public required byte[] Code { get; init; }
}

// A row of core_security_audit_erasure: what is left of an entry that a person was taken out of is what somebody with the key left.
internal sealed class AuditErasure
{
    public required Guid EntryId { get; init; }

    public required DateTimeOffset ErasedAt { get; init; }

    public required int KeyId { get; init; }

    public required byte[] Code { get; init; }
}

// A row of core_security_audit_seal: a link of the chain.
internal sealed class AuditSeal
{
    public required long Sequence { get; init; }

    public required long Position { get; init; }

    public required int KeyId { get; init; }

    public required byte[] Hash { get; init; }
}

// The one row of core_security_audit_head: where the chain goes on. Nothing is proved by it.
internal sealed class AuditHead
{
    public required short Id { get; init; }

    public required long Sequence { get; init; }

    public required byte[] Hash { get; init; }

    // Every row at or before this position is in the chain, or was never committed.
    public required long Settled { get; init; }
}
