namespace Platform.Secrets;

/// <summary>The secrets of the platform, opened, as they are now. Reads memory only. Thread safe.</summary>
public interface ISecrets
{
    /// <summary>Gives a secret, or null while it is not known here: no version yet, or no key to open it.</summary>
    Secret? Find(string name);
}

/// <summary>Hears of new versions before the host says that it has taken them up, so that nobody retires the old one too early.</summary>
public interface ISecretObserver
{
    /// <summary>Takes a secret up. What fails is tried again with the next look.</summary>
    Task TakeAsync(Secret secret, CancellationToken cancellationToken);
}

/// <summary>Where the secrets come from.</summary>
public interface ISecretFeed
{
    /// <summary>Reads every secret that has a version.</summary>
    Task<IReadOnlyList<StoredSecret>> ReadAsync(CancellationToken cancellationToken = default);

    /// <summary>Says which generations this process has taken up, and that it lives.</summary>
    Task AcknowledgeAsync(Guid replica, string service, IReadOnlyDictionary<string, long> generations, CancellationToken cancellationToken = default);

    /// <summary>Says that this process uses no secret any more.</summary>
    Task LeaveAsync(Guid replica, CancellationToken cancellationToken = default);

    /// <summary>Calls back at each change until it is cancelled or fails, and once at first: what changed before is not told.</summary>
    Task ListenAsync(Action changed, CancellationToken cancellationToken);
}

/// <summary>A secret as it is stored.</summary>
public sealed record StoredSecret(string Name, long Generation, IReadOnlyList<StoredVersion> Versions);

/// <summary>A version as it is stored.</summary>
public sealed record StoredVersion(Guid Id, SecretStage Stage, SealedSecret Sealed, string? Reference);
