using GraphQL.Types;
using GraphQLParser.AST;
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
        var most = exchange.Room ??= new RequestRoom(exchange.Payer.Budget.PerRequest, options.Value.MaxMutations);
        var isMutation = exchange.Operation.Operation is OperationType.Mutation;
        var known = default(Reckoning);
        var isKnown = exchange.Prepared?.Reckonings.TryGetValue(exchange.Operation, out known) == true
            && known.Cost.Total <= most.Cost
            && (!isMutation || known.RootFields <= most.Mutations);
        var reckoning = isKnown
            ? known
            : SelectionWalk.Check(exchange.Document, exchange.Operation, schema, prices, exchange.Parameters.Variables, options.Value, most);
        if (reckoning.Refusal is not null)
        {
            return reckoning.Refusal;
        }

        if (!isKnown && !reckoning.Varies)
        {
            exchange.Prepared?.Reckonings.TryAdd(exchange.Operation, reckoning);
        }

        most.Take(reckoning.Cost.Total, isMutation ? reckoning.RootFields : 0);
        exchange.Cost = reckoning.Cost;
        return reckoning.Introspects && !introspection.Allows(exchange.Http.User)
            ? Refusal.Document(ErrorCode.Forbidden, $"The schema is shown to callers with the permission {introspection.Permission}.")
            : null;
    }
}
