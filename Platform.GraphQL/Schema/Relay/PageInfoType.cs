using GraphQL;
using GraphQL.Types;
using Platform.GraphQL.Execution;

namespace Platform.GraphQL.Schema.Relay;

/// <summary>Where a page stands in its list.</summary>
internal sealed record PageInfo(bool HasNextPage, bool HasPreviousPage, string? StartCursor, string? EndCursor)
{
    /// <summary>Reads it off a connection.</summary>
    public static PageInfo Of<T>(Connection<T> connection) => new(
        connection.HasNextPage,
        connection.HasPreviousPage,
        connection.Edges.Count > 0 ? connection.Edges[0].Cursor : null,
        connection.Edges.Count > 0 ? connection.Edges[^1].Cursor : null);
}

/// <summary>The type of <see cref="PageInfo"/> (GraphQL Cursor Connections, section 5).</summary>
internal sealed class PageInfoType : ObjectGraphType<PageInfo>
{
    public PageInfoType()
    {
        Name = "PageInfo";
        Description = "Where a page stands in its list.";
        this.AllowAnonymous();
        Field<NonNullGraphType<BooleanGraphType>>("hasNextPage").Description("Whether there are items behind this page.")
            .From(page => page.HasNextPage);
        Field<NonNullGraphType<BooleanGraphType>>("hasPreviousPage").Description("Whether there are items before this page; where it was asked for with 'after', whether that was given.")
            .From(page => page.HasPreviousPage);
        Field<StringGraphType>("startCursor").Description("The cursor of the first item: give it as 'before' for the page before this one.").From(page => page.StartCursor);
        Field<StringGraphType>("endCursor").Description("The cursor of the last item: give it as 'after' for the page behind this one.")
            .From(page => page.EndCursor);
    }
}
