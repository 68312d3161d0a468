using GraphQL;
using GraphQL.Execution;
using ExecutionContext = GraphQL.Execution.ExecutionContext;

namespace Platform.GraphQL.Subscriptions.Sources;

/// <summary>
/// Executes subscriptions (GraphQL specification, section 6.2.3) in two steps that are executions of their own: one creates the source stream
/// (section 6.2.3.1), and one answers each event of it (section 6.2.3.2, ExecuteSubscriptionEvent), with loaders, limits and errors like any query.
/// </summary>
internal sealed class SourceStreamStrategy : ParallelExecutionStrategy
{
    public override Task<ExecutionResult> ExecuteAsync(ExecutionContext context) =>
        context.RootValue is SourceStreamRequest request ? CreateAsync(context, request) : base.ExecuteAsync(context);

    private async Task<ExecutionResult> CreateAsync(ExecutionContext context, SourceStreamRequest request)
    {
        var root = BuildExecutionRootNode(context, GetOperationRootType(context));
        if (root.SubFields is [{ FieldDefinition.StreamResolver: { } resolver } node])
        {
            try
            {
                request.Stream = await resolver.ResolveAsync(new ReadonlyResolveFieldContext(node, context));
            }
            catch (OperationCanceledException) when (context.CancellationToken.IsCancellationRequested)
            {
                throw;
            }
            catch (Exception exception)
            {
                if (await ProcessNodeUnhandledExceptionAsync(context, node, exception))
                {
                    throw;
                }
            }
        }
        else
        {
            // Validation holds that there is one field; a directive may have taken it away.
            context.Errors.Add(new ExecutionError("A subscription has exactly one field."));
        }

        return new ExecutionResult { Executed = request.Stream is not null };
    }
}

/// <summary>The root value that asks for the source stream instead of an answer.</summary>
internal sealed class SourceStreamRequest
{
    /// <summary>The stream, once it is created.</summary>
    public IObservable<object?>? Stream { get; set; }
}
