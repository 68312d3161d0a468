namespace Platform.FeatureFlags;

/// <summary>What a change came to.</summary>
/// <param name="ChangeId">The change, to undo it by; <see cref="Guid.Empty"/> where nothing was to be changed.</param>
/// <param name="Flags">What is stored now.</param>
/// <param name="Entries">The entries of the audit, one an item; empty where nothing was to be changed.</param>
public sealed record FlagCommit(Guid ChangeId, StoredFlags Flags, IReadOnlyList<FlagAuditEntry> Entries);
