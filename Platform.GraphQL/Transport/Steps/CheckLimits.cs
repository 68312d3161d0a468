using GraphQL.Types;
using Microsoft.Extensions.Options;
using Platform.Errors;
using Platform.GraphQL.Authorization;
using Platform.GraphQL.Limits;
using Platform.GraphQL.Limits.Cost;

namespace Platform.GraphQL.Transport.Steps;

/// <summary>
/// Refuses what is too deep, too wide or too expensive for its caller, before the document is validated: validation compares fields in pairs
/// (GraphQL over HTTP, section "Validation": further rules are the server's). Introspection takes a permission.
/// </summary>
internal sealed class CheckLimits(ISchema schema, PriceList prices, IntrospectionAccess introspection, IOptions<GraphQLOptions> options) : ITransportStep
{
    public ValueTask<Refusal?> RunAsync(GraphQLExchange exchange, CancellationToken cancellationToken) => ValueTask.FromResult(Check(exchange));

    private Refusal? Check(GraphQLExchange exchange)
    {
        var reckoning = SelectionWalk.Check(
            exchange.Document, exchange.Operation, schema, prices, exchange.Parameters.Variables, options.Value, exchange.Payer.Budget.PerRequest);
        if (reckoning.Refusal is not null)
        {
            return reckoning.Refusal;
        }

        exchange.Cost = reckoning.Cost;
        return reckoning.Introspects && !introspection.Allows(exchange.Http.User)
            ? Refusal.Document(ErrorCode.Forbidden, $"The schema is shown to callers with the permission {introspection.Permission}.")
            : null;
    }
}
