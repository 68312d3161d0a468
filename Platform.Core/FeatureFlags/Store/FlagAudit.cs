using System.Text.Json;

namespace Platform.FeatureFlags;

/// <summary>One item of one change, as it was recorded in the same transaction. Entries are never removed, and changed only where a person is erased.</summary>
/// <param name="Id">A UUID of version 7, so that later entries have greater ids.</param>
/// <param name="ChangeId">The change that it was part of; all of a change have the same.</param>
/// <param name="Version">The version of the document after the change.</param>
/// <param name="Key">Which item.</param>
/// <param name="Action">What happened to it.</param>
/// <param name="Author">Who did it, and why.</param>
/// <param name="At">When.</param>
/// <param name="Before">The item before; null where there was none.</param>
/// <param name="After">The item after; null where there is none.</param>
/// <param name="Undoes">The change or entry that this one undoes, if it does.</param>
public sealed record FlagAuditEntry(
    Guid Id,
    Guid ChangeId,
    long Version,
    FlagKey Key,
    FlagAction Action,
    FlagAuthor Author,
    DateTimeOffset At,
    JsonElement? Before,
    JsonElement? After,
    Guid? Undoes);

/// <summary>Which entries of the audit; what is null does not matter.</summary>
public sealed record FlagAuditFilter
{
    /// <summary>Of one kind.</summary>
    public FlagItemKind? Kind { get; init; }

    /// <summary>Of items with this name.</summary>
    public string? Name { get; init; }

    /// <summary>Of one change.</summary>
    public Guid? ChangeId { get; init; }

    /// <summary>Of one action.</summary>
    public FlagAction? Action { get; init; }

    /// <summary>By one author.</summary>
    public string? Actor { get; init; }
}

/// <summary>A page of the audit.</summary>
/// <param name="Items">The latest first.</param>
/// <param name="Next">The id to go on after; null at the end.</param>
public sealed record FlagAuditPage(IReadOnlyList<FlagAuditEntry> Items, Guid? Next);
