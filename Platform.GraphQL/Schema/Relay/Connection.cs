using Platform.Domain.Paging;

namespace Platform.GraphQL.Schema.Relay;

/// <summary>A page of a list as Relay's specification has it (GraphQL Cursor Connections).</summary>
/// <param name="Edges">The items with their cursors.</param>
/// <param name="HasNextPage">Whether there are more behind the last.</param>
/// <param name="HasPreviousPage">Whether there are more before the first, as far as is known (section 5.1).</param>
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
    /// <param name="name">The name that it may be ordered by.</param>
    public static Connection<T> ToConnection<T>(this Page<T> page, ConnectionRequest request, Func<T, Guid> id, Func<T, string>? name = null)
    {
        var edges = page.Items.Select(item => new Edge<T>(item, request.Page.CursorAfter(id(item), name?.Invoke(item) ?? "")));
        var (more, cameFrom) = (page.Next is not null, request.Page.After is not null);
        return request.Backward
            ? new([.. edges.Reverse()], HasNextPage: cameFrom, HasPreviousPage: more)
            : new([.. edges], HasNextPage: more, HasPreviousPage: cameFrom);
    }
}
