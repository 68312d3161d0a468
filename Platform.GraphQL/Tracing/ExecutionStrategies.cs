using System.Diagnostics;
using GraphQL.Execution;
using GraphQLParser.AST;
using Platform.GraphQL.Execution;
using Platform.GraphQL.PersistedDocuments;
using Platform.GraphQL.Subscriptions.Sources;
using ExecutionContext = GraphQL.Execution.ExecutionContext;

namespace Platform.GraphQL.Tracing;

/// <summary>Chooses how an operation is executed: as always, or with a span for each field where they were asked for; subscriptions in two steps.</summary>
internal sealed class ExecutionStrategies(DocumentPlans plans) : IExecutionStrategySelector
{
    private readonly OperationExecution _plain = new(plans);
    private readonly SourceStreamStrategy _subscriptions = new();
    private readonly TracedQueries _queries = new();
    private readonly TracedMutations _mutations = new();

    public IExecutionStrategy Select(ExecutionContext context) => (ResolverTracing.IsNoted(context.UserContext), context.Operation.Operation) switch
    {
        (_, OperationType.Subscription) => _subscriptions,
        (true, OperationType.Query) => _queries,
        (true, OperationType.Mutation) => _mutations,
        _ => _plain,
    };

    private sealed class TracedQueries : ParallelExecutionStrategy
    {
        protected override Task ExecuteNodeAsync(ExecutionContext context, ExecutionNode node) => ResolverSpans.TraceAsync(
            context, node, ResolverSpans.Resolve, () => base.ExecuteNodeAsync(context, node));

        protected override Task CompleteDataLoaderNodeAsync(ExecutionContext context, ExecutionNode node) => ResolverSpans.TraceAsync(
            context, node, ResolverSpans.Load, () => base.CompleteDataLoaderNodeAsync(context, node));
    }

    private sealed class TracedMutations : SerialExecutionStrategy
    {
        protected override Task ExecuteNodeAsync(ExecutionContext context, ExecutionNode node) => ResolverSpans.TraceAsync(
            context, node, ResolverSpans.Resolve, () => base.ExecuteNodeAsync(context, node));

        protected override Task CompleteDataLoaderNodeAsync(ExecutionContext context, ExecutionNode node) => ResolverSpans.TraceAsync(
            context, node, ResolverSpans.Load, () => base.CompleteDataLoaderNodeAsync(context, node));
    }
}

/// <summary>Spans of fields. A page of objects has a span for each field of the first few, which tell as much as all of them.</summary>
internal static class ResolverSpans
{
    public const string Resolve = "resolve";
    public const string Load = "load";

    // An operation may give thousands of fields; a trace of so many can neither be sent nor read.
    private const int MaxItems = 3;

    /// <summary>Runs the work of one field within its span.</summary>
    public static async Task TraceAsync(ExecutionContext context, ExecutionNode node, string step, Func<Task> work)
    {
        // The root is no field, and an item of a list is resolved with its list.
        if (node is RootExecutionNode || node.Parent is ArrayExecutionNode)
        {
            await work();
            return;
        }

        using var span = IsOfTheFirst(node)
            ? Telemetry.Source.StartActivity($"{node.Parent?.GraphType?.Name}.{node.FieldDefinition.Name} {step}", ActivityKind.Internal)
            : null;
        if (span is not null)
        {
            span.SetTag(Telemetry.FieldName, node.FieldDefinition.Name);
            span.SetTag(Telemetry.FieldPath, string.Join('.', node.Path));
        }

        var errors = context.Errors.Count;
        await work();
        if (context.Errors.Count > errors)
        {
            span?.SetStatus(ActivityStatusCode.Error);
        }
    }

    private static bool IsOfTheFirst(ExecutionNode node)
    {
        for (var at = node; at is not null; at = at.Parent)
        {
            if (at.IndexInParentNode >= MaxItems)
            {
                return false;
            }
        }

        return true;
    }
}
