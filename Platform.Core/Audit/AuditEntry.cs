namespace Platform.Audit;

/// <summary>An entry as it is kept.</summary>
/// <param name="Id">Its id, a UUID of version 7.</param>
/// <param name="OccurredAt">When, UTC, in whole microseconds, which is what PostgreSQL keeps.</param>
/// <param name="Actor">Who.</param>
/// <param name="Action">What was tried.</param>
/// <param name="Target">On what.</param>
/// <param name="Outcome">How it came out.</param>
/// <param name="Reason">Why.</param>
/// <param name="TraceId">The trace in which it happened.</param>
/// <param name="CorrelationId">The caller's id for what it asked.</param>
/// <param name="Source">The host that wrote it.</param>
/// <param name="Details">What else helps, a JSON object of texts with its names in ordinal order.</param>
public sealed record AuditEntry(
    Guid Id,
    DateTimeOffset OccurredAt,
    string Actor,
    string Action,
    string Target,
    AuditOutcome Outcome,
    string? Reason,
    string? TraceId,
    string? CorrelationId,
    string Source,
    string? Details);
