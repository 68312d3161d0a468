namespace Platform.Audit;

/// <summary>What is wrong with the trail.</summary>
public enum AuditFault
{
    /// <summary>A row has other content than was written.</summary>
    Changed,

    /// <summary>A row is gone that the chain knows.</summary>
    Removed,

    /// <summary>A row is there that nobody with the key wrote, or that the chain passed by.</summary>
    Inserted,

    /// <summary>Links are missing, doubled, or in another order.</summary>
    ChainBroken,

    /// <summary>The chain ends before a place where it has been.</summary>
    Truncated,

    /// <summary>The chain has another link at the place of an anchor: it was cut off and went on.</summary>
    Rewritten,

    /// <summary>Written under a key that is not configured here.</summary>
    UnknownKey,

    /// <summary>An anchor that nobody with the key made.</summary>
    ForgedAnchor,
}

/// <summary>One thing that is wrong with the trail.</summary>
/// <param name="Fault">What.</param>
/// <param name="Sequence">The number of the link, where there is one.</param>
/// <param name="Position">The position in the table, where there is one.</param>
/// <param name="EntryId">The entry's id, where there is one.</param>
/// <param name="Explanation">The same for a person.</param>
public sealed record AuditFinding(AuditFault Fault, long? Sequence, long? Position, Guid? EntryId, string Explanation);

/// <summary>What looking through the trail found.</summary>
/// <param name="Sealed">Links of the chain.</param>
/// <param name="Pending">Rows that are not in the chain yet: those of the last second.</param>
/// <param name="Anchors">Anchors that the chain was held against.</param>
/// <param name="Faults">How many things are wrong, in all.</param>
/// <param name="Findings">The first of them, in the order of the chain.</param>
public sealed record AuditVerdict(long Sealed, long Pending, int Anchors, long Faults, IReadOnlyList<AuditFinding> Findings)
{
    /// <summary>Rows of the chain that a person was taken out of, which is no fault.</summary>
    public long Erased { get; init; }

    /// <summary>Whether nothing is wrong.</summary>
    public bool IsIntact => Faults == 0;
}
