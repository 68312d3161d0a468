using GraphQL;
using GraphQL.Execution;
using GraphQL.Types;
using GraphQLParser.AST;
using Microsoft.Extensions.Options;
using Platform.Errors;
using Platform.GraphQL.Gates;
using Platform.GraphQL.Subscriptions.Sources;

namespace Platform.GraphQL.Transport.Steps;

/// <summary>
/// Validates and executes the operation (GraphQL specification, sections 5 and 6) within its time. Of a subscription this creates the source
/// stream (section 6.2.3.1); its events are executed as they come.
/// </summary>
internal sealed class ExecuteOperation(
    IDocumentExecuter executer, ISchema schema, FieldGates gates, IOptions<GraphQLOptions> options, ILogger<ExecuteOperation> logger) : ITransportStep
{
    public async ValueTask<Refusal?> RunAsync(GraphQLExchange exchange, CancellationToken cancellationToken)
    {
        var request = exchange.Operation.Operation is OperationType.Subscription ? new SourceStreamRequest() : null;
        exchange.Result = await ExecuteAsync(exchange, exchange.Http, request, exchange.Prepared is not null, cancellationToken);
        exchange.Stream = request?.Stream;
        return null;
    }

    /// <summary>Executes the operation for one event of its source stream (section 6.2.3.2).</summary>
    /// <param name="exchange">The subscription.</param>
    /// <param name="http">The event's own services.</param>
    /// <param name="sourceEvent">The event, which is the root value.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<ExecutionResult> ExecuteEventAsync(
        GraphQLExchange exchange, HttpContext http, object? sourceEvent, CancellationToken cancellationToken) =>
        ExecuteAsync(exchange, http, sourceEvent, isValid: true, cancellationToken);

    private async Task<ExecutionResult> ExecuteAsync(
        GraphQLExchange exchange, HttpContext http, object? root, bool isValid, CancellationToken cancellationToken)
    {
        var parameters = exchange.Parameters;
        var failures = new FailureLog(logger);
        return await executer.ExecuteAsync(new ExecutionOptions
        {
            Schema = schema,
            Document = exchange.Document,
            Root = root,

            // A document that was found valid before is not validated again; its variables are checked all the same.
            ValidationRules = isValid ? gates.CallerRules : gates.Rules,
            OperationName = parameters.OperationName,
            Variables = parameters.Variables,
            Extensions = parameters.Extensions,
            RequestServices = http.RequestServices,
            User = http.User,
            Timeout = options.Value.Timeout,
            TimeoutAction = TimeoutAction.ReturnTimeoutError,
            UnhandledExceptionDelegate = failures.WriteAsync,
            CancellationToken = cancellationToken,
        });
    }

    /// <summary>Logs what nobody expected, once however many fields waited for it.</summary>
    private sealed class FailureLog(ILogger logger)
    {
        private readonly HashSet<Exception> _written = new(ReferenceEqualityComparer.Instance);

        public Task WriteAsync(UnhandledExceptionContext context)
        {
            var exception = context.OriginalException;
            if (exception is not ErrorException && exception is not ExecutionError && IsFirst(exception))
            {
                var field = context.FieldContext;
                Log.ResolverFailed(logger, field?.ParentType.Name, field?.FieldDefinition.Name, exception);
            }

            return Task.CompletedTask;
        }

        // Fields of one level fail at once, on several threads.
        private bool IsFirst(Exception exception)
        {
            lock (_written)
            {
                return _written.Add(exception);
            }
        }
    }
}
