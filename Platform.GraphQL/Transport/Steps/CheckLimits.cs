using GraphQL.Types;
using Microsoft.Extensions.Options;
using Platform.GraphQL.Limits;

namespace Platform.GraphQL.Transport.Steps;

/// <summary>
/// Refuses what is too deep, too wide or asks for too much, before the document is validated: validation compares fields in pairs
/// (GraphQL over HTTP, section "Validation": further rules are the server's).
/// </summary>
internal sealed class CheckLimits(ISchema schema, IOptions<GraphQLOptions> options) : ITransportStep
{
    public ValueTask<Refusal?> RunAsync(GraphQLExchange exchange, CancellationToken cancellationToken) => ValueTask.FromResult(
        SelectionWalk.Check(exchange.Document, exchange.Operation, schema, exchange.Parameters.Variables, options.Value));
}
