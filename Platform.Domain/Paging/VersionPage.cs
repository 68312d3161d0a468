using Platform.Conditional;

namespace Platform.Domain.Paging;

/// <summary>Which items are on a page, and in which version each: what tells whether the page changed.</summary>
/// <param name="Items">In the order of the page.</param>
/// <param name="HasMore">Whether there is a page behind it.</param>
public sealed record VersionPage(IReadOnlyList<(Guid Id, RowVersion Version)> Items, bool HasMore);
