using GraphQL;
using GraphQL.Execution;
using GraphQL.Types;
using Microsoft.Extensions.Options;
using Platform.Errors;
using Platform.GraphQL.Gates;
using Platform.GraphQL.Tracing;

namespace Platform.GraphQL.Transport.Steps;

/// <summary>Validates and executes the operation (GraphQL specification, sections 5 and 6) within its time.</summary>
internal sealed class ExecuteOperation(
    IDocumentExecuter executer, ISchema schema, FieldGates gates, ResolverTracing tracing, IOptions<GraphQLOptions> options, ILogger<ExecuteOperation> logger)
    : ITransportStep
{
    public async ValueTask<Refusal?> RunAsync(GraphQLExchange exchange, CancellationToken cancellationToken)
    {
        var parameters = exchange.Parameters;
        var failures = new FailureLog(logger);
        var execution = new ExecutionOptions
        {
            Schema = schema,
            Document = exchange.Document,

            // A prepared document was found valid when it was kept; its variables are checked all the same.
            ValidationRules = exchange.Prepared is null ? gates.Rules : gates.CallerRules,
            OperationName = parameters.OperationName,
            Variables = parameters.Variables,
            Extensions = parameters.Extensions,
            RequestServices = exchange.Http.RequestServices,
            User = exchange.Http.User,
            Timeout = options.Value.Timeout,
            TimeoutAction = TimeoutAction.ReturnTimeoutError,
            UnhandledExceptionDelegate = failures.WriteAsync,
            CancellationToken = cancellationToken,
        };
        tracing.Note(exchange, execution.UserContext);
        exchange.Result = await executer.ExecuteAsync(execution);
        return null;
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
