using GraphQL;
using GraphQL.Types;
using Platform.GraphQL.Execution;

namespace Platform.GraphQL.Schema.Relay;

/// <summary>A type that lists can be made of.</summary>
internal interface INodeType
{
    /// <summary>Its name, which its connection and edge begin with.</summary>
    static abstract string NodeName { get; }

    /// <summary>The policy that it, its connection and its edge ask for.</summary>
    static abstract string Policy { get; }
}

/// <summary>A connection (GraphQL Cursor Connections, section 2); whoever may read its nodes may read it.</summary>
/// <typeparam name="TNode">The node.</typeparam>
/// <typeparam name="TNodeType">The node's type.</typeparam>
internal sealed class ConnectionType<TNode, TNodeType> : ObjectGraphType<Connection<TNode>>
    where TNodeType : ObjectGraphType<TNode>, INodeType
{
    public ConnectionType()
    {
        Name = $"{TNodeType.NodeName}Connection";
        Description = $"A page of a list of {TNodeType.NodeName}.";
        this.AuthorizeWithPolicy(TNodeType.Policy);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<EdgeType<TNode, TNodeType>>>>>("edges")
            .Description("The items with their cursors.")
            .From(connection => connection.Edges);
        Field<NonNullGraphType<PageInfoType>>("pageInfo")
            .Description("Where the page stands in the list.")
            .From(PageInfo.Of);
    }
}

/// <summary>An edge (GraphQL Cursor Connections, section 3).</summary>
/// <typeparam name="TNode">The node.</typeparam>
/// <typeparam name="TNodeType">The node's type.</typeparam>
internal sealed class EdgeType<TNode, TNodeType> : ObjectGraphType<Edge<TNode>>
    where TNodeType : ObjectGraphType<TNode>, INodeType
{
    public EdgeType()
    {
        Name = $"{TNodeType.NodeName}Edge";
        Description = "An item of a page.";
        this.AuthorizeWithPolicy(TNodeType.Policy);
        Field<NonNullGraphType<TNodeType>>("node").Description("The item.").From(edge => edge.Node);
        Field<NonNullGraphType<StringGraphType>>("cursor").Description("What to give as 'after' for the items behind this one.")
            .From(edge => edge.Cursor);
    }
}
