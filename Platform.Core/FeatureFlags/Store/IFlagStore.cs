using Platform.Errors;

namespace Platform.FeatureFlags;

/// <summary>Keeps flags, and who changed them. Commits by itself. Thread safe.</summary>
/// <remarks>Changes take turns: each sees the document that the one before left, and is checked as a whole before anything is saved.</remarks>
public interface IFlagStore
{
    /// <summary>Reads everything.</summary>
    Task<StoredFlags> ReadAsync(CancellationToken cancellationToken = default);

    /// <summary>Changes items, writes the audit, and tells every host: all or nothing.</summary>
    /// <returns>What came of it. A change that changes nothing is no change: no version, no entry.</returns>
    /// <exception cref="ErrorException">
    /// <see cref="ErrorCode.ValidationError"/> with every error by JSON pointer into the document after the change;
    /// <see cref="ErrorCode.PreconditionFailed"/> where an item has another version than expected.
    /// </exception>
    Task<FlagCommit> EditAsync(FlagEdit edit, CancellationToken cancellationToken = default);

    /// <summary>Gives items back what they were before a change, or one of its entries. An undo is a change like any other, so it can be undone too.</summary>
    /// <param name="id">The id of a change or of an entry.</param>
    /// <param name="author">Who, and why.</param>
    /// <param name="force">Also where an item was changed again since; what came after is lost then.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ErrorException">
    /// There is no such change; an item was changed since (<see cref="ErrorCode.OperationNotAllowed"/>); or the document would not be valid.
    /// </exception>
    Task<FlagCommit> UndoAsync(Guid id, FlagAuthor author, bool force = false, CancellationToken cancellationToken = default);

    /// <summary>Lists the audit, the latest first.</summary>
    /// <param name="filter">Which entries.</param>
    /// <param name="limit">1 to 500.</param>
    /// <param name="after">The <see cref="FlagAuditPage.Next"/> of the page before.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<FlagAuditPage> ListAuditAsync(FlagAuditFilter filter, int limit = 50, Guid? after = null, CancellationToken cancellationToken = default);

    /// <summary>One entry of the audit; null where there is none.</summary>
    Task<FlagAuditEntry?> FindAuditAsync(Guid id, CancellationToken cancellationToken = default);
}
