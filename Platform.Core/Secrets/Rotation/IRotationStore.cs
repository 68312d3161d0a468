namespace Platform.Secrets;

/// <summary>
/// Where secrets and rotations are kept. What changes something is fenced: it happens while the lease is held, in one transaction with its entry in the audit
/// trail, or throws <see cref="LeaseLostException"/>. Times are the database's. Thread safe.
/// </summary>
public interface IRotationStore
{
    /// <summary>Takes the right to change a secret, which becomes known with it; null while another has it.</summary>
    Task<SecretLease?> TakeAsync(string name, string owner, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>Keeps it for longer.</summary>
    Task RenewAsync(SecretLease lease, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>Gives it back; nothing happens where it is another's.</summary>
    Task ReleaseAsync(SecretLease lease, CancellationToken cancellationToken);

    /// <summary>Reads how secrets stand, all or one.</summary>
    Task<IReadOnlyList<SecretStatus>> StatusAsync(string? name, CancellationToken cancellationToken);

    /// <summary>Reads the last rotations, the newest first.</summary>
    Task<IReadOnlyList<Rotation>> HistoryAsync(string name, int limit, CancellationToken cancellationToken);

    /// <summary>Reads the versions that are not retired.</summary>
    Task<StoredSecret?> ReadAsync(string name, CancellationToken cancellationToken);

    /// <summary>The database's time.</summary>
    Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken);

    /// <summary>Keeps what an operator asks for until a worker begins, and wakes the workers. False where there is one that is not over; an emergency waits for no overlap.</summary>
    Task<bool> RequestAsync(Rotation rotation, CancellationToken cancellationToken);

    /// <summary>Has a rotation that is under way or overlapping go back, or one that was only asked for not begin. False where there is none.</summary>
    Task<bool> RequestRollbackAsync(string name, string actor, string? reason, CancellationToken cancellationToken);

    /// <summary>Saves a rotation and its first intent, with the value where it was supplied.</summary>
    Task BeginAsync(SecretLease lease, Rotation rotation, StoredVersion? supplied, CancellationToken cancellationToken);

    /// <summary>Saves that a step is done and the next one intended; with the new version after step 1, which hosts hear of.</summary>
    Task AdvanceAsync(SecretLease lease, Rotation done, RotationStep next, StoredVersion? created, CancellationToken cancellationToken);

    /// <summary>Makes the pending version the current one, and the current one the previous.</summary>
    Task PromoteAsync(SecretLease lease, Rotation rotation, DateTimeOffset retireAt, CancellationToken cancellationToken);

    /// <summary>Says that the replaced version is needed for longer.</summary>
    Task PostponeAsync(SecretLease lease, Rotation rotation, DateTimeOffset retireAt, CancellationToken cancellationToken);

    /// <summary>Wipes the previous version, and calls the rotation completed.</summary>
    Task CompleteAsync(SecretLease lease, Rotation rotation, CancellationToken cancellationToken);

    /// <summary>Wipes the pending version and ends the rotation as failed or rolled back.</summary>
    Task DiscardAsync(SecretLease lease, Rotation rotation, RotationState end, CancellationToken cancellationToken);

    /// <summary>Makes the previous version the current one again; the other one is wiped after the overlap.</summary>
    Task RestoreAsync(SecretLease lease, Rotation rotation, DateTimeOffset retireAt, CancellationToken cancellationToken);

    /// <summary>Counts a failure; at the limit the rotation goes back.</summary>
    Task FailAsync(SecretLease lease, Rotation rotation, string error, TimeSpan retryAfter, bool giveUp, CancellationToken cancellationToken);

    /// <summary>Seals data keys anew that are sealed with another key-encryption key than the current one.</summary>
    /// <returns>How many.</returns>
    Task<int> RewrapAsync(SecretEnvelope envelope, string actor, CancellationToken cancellationToken);

    /// <summary>Keeps in the audit trail that a credential without a keeper was found, and what became of it.</summary>
    Task ReportOrphanAsync(SecretLease lease, string reference, bool removed, int left, CancellationToken cancellationToken);

    /// <summary>Tells once for each version that it is due soon: the event <c>secrets.expiring.v1</c>, and the audit trail.</summary>
    /// <returns>Whether it was told now.</returns>
    Task<bool> NotifyAsync(SecretLease lease, Guid version, DateTimeOffset due, bool automatic, CancellationToken cancellationToken);

    /// <summary>Whether every host that lives has taken the last change of a secret up.</summary>
    Task<bool> IsTakenUpAsync(string name, CancellationToken cancellationToken);

    /// <summary>Calls back when somebody asks for a rotation, until it is cancelled or fails; once at first.</summary>
    Task ListenAsync(Action asked, CancellationToken cancellationToken);
}

/// <summary>The right to change a secret is another's now: what was begun is theirs to end.</summary>
/// <param name="name">The secret.</param>
public sealed class LeaseLostException(string name) : Exception($"The secret {name} is being changed by another.");
