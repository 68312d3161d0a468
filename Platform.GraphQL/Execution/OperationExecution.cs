using GraphQL;
using GraphQL.Execution;
using GraphQLParser.AST;
using Platform.GraphQL.PersistedDocuments;
using ExecutionContext = GraphQL.Execution.ExecutionContext;

namespace Platform.GraphQL.Execution;

/// <summary>
/// Executes queries and mutations (GraphQL specification, sections 6.2 to 6.4) by plans that are made once for a document, as long as no directive makes it another one each
/// time. Values stand in their object as they are written; only objects and lists are nodes of their own. What it gives, and which errors, is the same as the library's own
/// strategies give.
/// </summary>
internal sealed class OperationExecution(DocumentPlans plans) : ParallelExecutionStrategy
{
    private static readonly Func<ASTNode, bool> Always = _ => true;

    public override async Task<ExecutionResult> ExecuteAsync(ExecutionContext context)
    {
        var plan = plans.Of(context.Document, context.Operation);
        var collection = new FieldCollection(context.Schema, context.Document, plan.IsPlain ? Always : selection => Includes(context, selection));
        var selection = plan.IsPlain ? plan.Selection ??= Collect() : Collect();
        var root = ResponseObject.Root(context.RootValue, selection, context.Operation.SelectionSet);
        await new FieldExecution(context, collection, FailAsync).RunAsync(root, inTurn: context.Operation.Operation is OperationType.Mutation);

        // Whatever is null where it must not be has left an error behind.
        var isNull = context.Errors.Count > 0 && root.PropagateNull();
        return new ExecutionResult { Executed = true, Data = isNull ? null : root };

        SelectionPlan Collect() => collection.Collect(GetOperationRootType(context), [context.Operation.SelectionSet]);
    }

    private bool Includes(ExecutionContext context, ASTNode selection) => selection switch
    {
        GraphQLField field => ShouldIncludeNode(context, field),
        GraphQLInlineFragment inline => ShouldIncludeNode(context, inline),
        GraphQLFragmentSpread spread => ShouldIncludeNode(context, spread),
        _ => true,
    };

    // The library's own way to an error of a field: with its place in the document and in the response.
    private async Task FailAsync(ExecutionContext context, ExecutionNode node, Exception exception)
    {
        if (exception is ExecutionError error)
        {
            SetNodeError(context, node, error);
        }
        else
        {
            await ProcessNodeUnhandledExceptionAsync(context, node, exception);
        }
    }
}
