using System.Security.Claims;
using GraphQL;
using GraphQL.Execution;
using GraphQL.Instrumentation;
using GraphQL.Types;
using GraphQL.Validation;
using GraphQLParser.AST;
using ExecutionContext = GraphQL.Execution.ExecutionContext;

namespace Platform.GraphQL.Execution;

/// <summary>What a resolver may ask about its field. Used again for another field once the resolver has given a value that cannot refer to it any more.</summary>
internal sealed class FieldContext(ExecutionContext execution, ResponseObject parent, FieldPlan plan, FieldCollection collection) : IResolveFieldContext<object?>
{
    private ResponseObject _parent = parent;
    private FieldPlan _plan = plan;

    public object? Source => _parent.Source;

    public GraphQLField FieldAst => _plan.Field;

    public FieldType FieldDefinition => _plan.Definition;

    public IObjectGraphType ParentType => _parent.Plan.Type;

    public IResolveFieldContext? Parent => OuterField() is { } outer ? new ReadonlyResolveFieldContext(outer, execution) : null;

    public IDictionary<string, ArgumentValue>? Arguments => execution.GetArguments(_plan.Definition, _plan.Field);

    public IDictionary<string, DirectiveInfo>? Directives => execution.GetDirectives(_plan.Field);

    public object? RootValue => execution.RootValue;

    public ISchema Schema => execution.Schema;

    public GraphQLDocument Document => execution.Document;

    public GraphQLOperationDefinition Operation => execution.Operation;

    public Variables Variables => execution.Variables;

    public CancellationToken CancellationToken => execution.CancellationToken;

    public Metrics Metrics => execution.Metrics;

    public ExecutionErrors Errors => execution.Errors;

    public IEnumerable<object> Path => ToExecutionNode().Path;

    public IEnumerable<object> ResponsePath => ToExecutionNode().ResponsePath;

    public Dictionary<string, (GraphQLField Field, FieldType FieldType)>? SubFields => _plan.Result.Innermost.Object is { } type
        ? _plan.Of(type, collection).Fields.ToDictionary(inner => inner.Name, inner => (inner.Field, inner.Definition), StringComparer.Ordinal)
        : null;

    public IReadOnlyDictionary<string, object?> InputExtensions => execution.InputExtensions;

    public IDictionary<string, object?> OutputExtensions => execution.OutputExtensions;

    public IServiceProvider? RequestServices => execution.RequestServices;

    public IExecutionArrayPool ArrayPool => execution;

    public ClaimsPrincipal? User => execution.User;

    public IExecutionContext ExecutionContext => execution;

    public IDictionary<string, object?> UserContext => execution.UserContext;

    /// <summary>Is about another field from now on.</summary>
    public FieldContext Reset(ResponseObject parent, FieldPlan plan)
    {
        (_parent, _plan) = (parent, plan);
        return this;
    }

    private ExecutionNode ToExecutionNode() => ResponseNode.ToExecutionNode(_parent, _plan, _plan.Result, index: -1);

    // The field that gave the object, past the lists in between; none at the root.
    private ExecutionNode? OuterField()
    {
        ResponseNode outer = _parent;
        while (outer.Parent is ResponseList list)
        {
            outer = list;
        }

        return outer.Field is null ? null : outer.ToExecutionNode();
    }
}
