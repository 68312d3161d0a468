using GraphQL;
using GraphQL.Types;
using Platform.GraphQL.Execution;
using Platform.GraphQL.Limits.Cost;
using Platform.GraphQL.Schema.Relay;
using Platform.GraphQL.Schema.Scalars;

namespace Platform.GraphQL.Schema.Mutations;

/// <summary>What a mutation gives: the result, or why there is none.</summary>
internal sealed record Outcome<TResult>(TResult? Result, IReadOnlyList<UserError> UserErrors)
    where TResult : class;

/// <summary>The payload of a mutation; whoever may do it may read it, and what it changed by that type's own policy.</summary>
internal abstract class PayloadType<TResult> : ObjectGraphType<Outcome<TResult>>
    where TResult : class
{
    protected PayloadType(string name, string policy)
    {
        Name = name;
        this.AuthorizeWithPolicy(policy);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<UserErrorType>>>>(MutationExtensions.UserErrors)
            .AssumedSize(1)
            .Description("Why the business refused. A client that does not select this gets the same as an error of the response.")
            .From(payload => payload.UserErrors);
    }
}

/// <summary>The payload of a mutation that adds or changes a node.</summary>
internal abstract class NodePayloadType<TNode, TNodeType> : PayloadType<TNode>
    where TNode : class
    where TNodeType : ObjectGraphType<TNode>, INodeType
{
    protected NodePayloadType(string name, string policy)
        : base(name, policy)
    {
        var node = TNodeType.NodeName.ToLowerInvariant();
        Description = $"The {node} as it is now, or why nothing was changed.";
        Field<TNodeType>(node).Description($"Null when the business refused, and without the scope {TNodeType.Policy}.")
            .From(payload => payload.Result);
    }
}

/// <summary>A node that is gone.</summary>
internal sealed record Deleted(Guid Id);

/// <summary>The payload of a mutation that removes a node.</summary>
internal abstract class DeletePayloadType : PayloadType<Deleted>
{
    protected DeletePayloadType(string name, string field, string policy)
        : base(name, policy)
    {
        Description = "What is gone, or why it is not.";
        Field<IdType>(field).Description("Its id; null when the business refused.").From(payload => payload.Result?.Id);
    }
}
