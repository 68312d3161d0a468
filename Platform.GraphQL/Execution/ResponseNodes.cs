using GraphQL.Execution;
using GraphQL.Types;
using GraphQLParser.AST;

namespace Platform.GraphQL.Execution;

/// <summary>An object or a list of the response. What stands inside is kept as it is written: values serialized, objects and lists as nodes of their own.</summary>
internal abstract class ResponseNode(ResponseNode? parent, FieldPlan? field, int index)
{
    /// <summary>What it stands in; null for the root.</summary>
    public ResponseNode? Parent { get; } = parent;

    /// <summary>The field that gave it; null for the root.</summary>
    public FieldPlan? Field { get; } = field;

    /// <summary>Which item of the list that it stands in; -1 where it stands in an object.</summary>
    public int Index { get; } = index;

    /// <summary>What is inside: of an object in the order of its plan. An object or list that became null, because what it must have is missing, is null here.</summary>
    public abstract object?[] Values { get; }

    /// <summary>Whether a value may not be null.</summary>
    public abstract bool IsRequired(int index);

    /// <summary>
    /// Lets what must not be null make null of what it stands in (GraphQL specification, section 6.4.4).
    /// </summary>
    /// <returns>Whether this node is null itself.</returns>
    public bool PropagateNull()
    {
        for (var i = 0; i < Values.Length; i++)
        {
            if (Values[i] is ResponseNode inner && inner.PropagateNull())
            {
                Values[i] = null;
            }

            if (Values[i] is null && IsRequired(i))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The executor's own form of the node, for what is seldom: errors and where they are.</summary>
    public abstract ExecutionNode ToExecutionNode();

    /// <summary>The executor's own form of a value inside.</summary>
    public static ExecutionNode ToExecutionNode(ResponseNode parent, FieldPlan field, ResultPlan result, int index) => result.Type switch
    {
        ScalarGraphType scalar => new ValueExecutionNode(parent.ToExecutionNode(), scalar, field.Field, field.Definition, IndexOf(index)),
        ListGraphType list => new ArrayExecutionNode(parent.ToExecutionNode(), list, field.Field, field.Definition, IndexOf(index)),
        var type => new ObjectExecutionNode(parent.ToExecutionNode(), type, field.Field, field.Definition, IndexOf(index)),
    };

    private static int? IndexOf(int index) => index < 0 ? null : index;
}

/// <summary>An object of the response.</summary>
/// <param name="parent">What it stands in.</param>
/// <param name="field">The field that gave it.</param>
/// <param name="index">Which item of a list it is, or -1.</param>
/// <param name="source">What its fields are resolved from.</param>
/// <param name="plan">Its fields.</param>
internal sealed class ResponseObject(ResponseNode? parent, FieldPlan? field, int index, object? source, SelectionPlan plan) : ResponseNode(parent, field, index)
{
    private GraphQLSelectionSet? _root;

    public object? Source { get; } = source;

    public SelectionPlan Plan { get; } = plan;

    public override object?[] Values { get; } = new object?[plan.Fields.Length];

    /// <summary>The root of an operation.</summary>
    public static ResponseObject Root(object? source, SelectionPlan plan, GraphQLSelectionSet selections) => new(null, null, -1, source, plan) { _root = selections };

    public override bool IsRequired(int index) => Plan.Fields[index].Result.IsRequired;

    public override ExecutionNode ToExecutionNode()
    {
        var node = Parent is null ? new RootExecutionNode(Plan.Type, _root) : ToExecutionNode(Parent, Field!, Field!.Result.Innermost, Index);
        node.Result = Source;
        return node;
    }
}

/// <summary>A list of the response.</summary>
/// <param name="parent">What it stands in.</param>
/// <param name="field">The field that gave it.</param>
/// <param name="index">Which item of an outer list it is, or -1.</param>
/// <param name="result">The list's type.</param>
/// <param name="count">How many items it has.</param>
internal sealed class ResponseList(ResponseNode parent, FieldPlan field, int index, ResultPlan result, int count) : ResponseNode(parent, field, index)
{
    public ResultPlan Result { get; } = result;

    public override object?[] Values { get; } = count == 0 ? [] : new object?[count];

    public override bool IsRequired(int index) => Result.Item!.IsRequired;

    public override ExecutionNode ToExecutionNode() => ToExecutionNode(Parent!, Field!, Result, Index);
}
