using Platform.Domain.Paging;

namespace Platform.GraphQL.Schema.Relay;

/// <summary>A page of a list as Relay's specification has it (GraphQL Cursor Connections).</summary>
/// <param name="Edges">The items with their cursors.</param>
/// <param name="HasNextPage">Whether there are more behind the last.</param>
/// <param name="HasPreviousPage">Whether the page was asked for behind a cursor.</param>
internal sealed record Connection<T>(IReadOnlyList<Edge<T>> Edges, bool HasNextPage, bool HasPreviousPage);

/// <summary>An item with the cursor that stands behind it.</summary>
internal sealed record Edge<T>(T Node, string Cursor);

/// <summary>Makes connections of the domain's pages.</summary>
internal static class PageExtensions
{
    /// <summary>Makes one.</summary>
    /// <param name="page">The page.</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="id">The id that the list is ordered by.</param>
    public static Connection<T> ToConnection<T>(this Page<T> page, PageRequest request, Func<T, Guid> id) => new(
        [.. page.Items.Select(item => new Edge<T>(item, PageRequest.CursorAfter(id(item))))],
        page.Next is not null,
        request.After is not null);
}
