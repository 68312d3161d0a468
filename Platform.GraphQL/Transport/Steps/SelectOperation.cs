using GraphQL.Types;
using GraphQLParser.AST;
using Platform.Errors;

namespace Platform.GraphQL.Transport.Steps;

/// <summary>
/// Finds the operation that is to run (GraphQL specification, section 6.1, GetOperation) and holds that a GET only reads (GraphQL over
/// HTTP, section "GET"). A subscription needs a client that takes an answer that goes on.
/// </summary>
internal sealed class SelectOperation(ISchema schema) : ITransportStep
{
    public ValueTask<Refusal?> RunAsync(GraphQLExchange exchange, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Select(exchange));

    private Refusal? Select(GraphQLExchange exchange)
    {
        var name = exchange.Parameters.OperationName;
        GraphQLOperationDefinition? selected = null;
        foreach (var definition in exchange.Document.Definitions)
        {
            if (definition is not GraphQLOperationDefinition operation
                || (!string.IsNullOrEmpty(name) && (operation.Name is null || operation.Name.Value != name)))
            {
                continue;
            }

            if (selected is not null)
            {
                return Refusal.Document(
                    ErrorCode.InvalidInput, "The document has more than one operation that this may mean: name it in 'operationName'.");
            }

            selected = operation;
        }

        if (selected is null)
        {
            return Refusal.Document(
                ErrorCode.InvalidInput,
                string.IsNullOrEmpty(name) ? "The document has no operation." : "The document has no operation of the name in 'operationName'.");
        }

        if (exchange.IsGet && (selected.Operation is OperationType.Mutation || (selected.Operation is OperationType.Subscription && !exchange.AcceptsStream)))
        {
            return Refusal.Malformed("A GET only reads: send this operation with POST.") with
            {
                Code = ErrorCode.MethodNotAllowed,
                Status = StatusCodes.Status405MethodNotAllowed,
                Allow = HttpMethods.Post,
            };
        }

        if ((selected.Operation == OperationType.Mutation && schema.Mutation is null)
            || (selected.Operation == OperationType.Subscription && schema.Subscription is null))
        {
            return Refusal.Document(ErrorCode.InvalidInput, "The schema has no operations of this kind.");
        }

        if (selected.Operation is OperationType.Subscription && !exchange.AcceptsStream)
        {
            return Refusal.Document(
                ErrorCode.InvalidInput, "A subscription goes on: ask for it with 'Accept: text/event-stream', or over a WebSocket (graphql-transport-ws).");
        }

        if (selected.Operation is OperationType.Subscription && !exchange.IsInner)
        {
            exchange.MediaType = ResponseMediaType.EventStream;
        }

        exchange.Operation = selected;
        return null;
    }
}
