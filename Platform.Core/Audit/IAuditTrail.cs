namespace Platform.Audit;

/// <summary>Writes to the audit trail (<c>core_security_audit</c>). Scoped, like the unit of work that it writes in.</summary>
public interface IAuditTrail
{
    /// <summary>
    /// Adds an entry to the caller's unit of work: it is committed together with the change that it tells of, or not at all. Nothing is
    /// written before the caller saves.
    /// </summary>
    /// <returns>The entry's id.</returns>
    /// <exception cref="ArgumentException">The action has another form than <see cref="AuditEvent"/> says, or there are too many details.</exception>
    Guid Record(AuditEvent entry);

    /// <summary>
    /// Writes an entry at once, on a connection of its own: for a refusal, which has no change to go with and has to stay when the
    /// caller's transaction is rolled back.
    /// </summary>
    /// <returns>The entry's id.</returns>
    /// <inheritdoc cref="Record" path="/exception"/>
    Task<Guid> RecordAloneAsync(AuditEvent entry, CancellationToken cancellationToken = default);
}
