using Platform.GraphQL.Limits.Budgets;

namespace Platform.GraphQL.Transport.Steps;

/// <summary>Finds out who pays for the request, and refuses a caller that has spent everything before its body is read.</summary>
internal sealed class FindPayer(Payers payers, CostBudgets budgets) : ITransportStep
{
    public ValueTask<Refusal?> RunAsync(GraphQLExchange exchange, CancellationToken cancellationToken)
    {
        var http = exchange.Http;
        exchange.Payer = payers.Of(http.User, http.Connection.RemoteIpAddress);
        return ValueTask.FromResult(budgets.ExhaustedFor(exchange.Payer) is { } wait ? TakeFromBudget.Exhausted(exchange.Payer, wait) : null);
    }
}
