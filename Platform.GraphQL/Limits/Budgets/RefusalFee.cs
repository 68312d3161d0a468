using Microsoft.Extensions.Options;
using Platform.GraphQL.Transport;

namespace Platform.GraphQL.Limits.Budgets;

/// <summary>Takes something for a request that is refused before it is paid, so that nobody makes the service refuse for nothing.</summary>
internal sealed class RefusalFee(CostBudgets budgets, IOptions<CostOptions> options)
{
    private readonly int _fee = options.Value.Refusal;

    /// <summary>Takes it; what comes out of it does not matter to this request.</summary>
    public async ValueTask ChargeAsync(GraphQLExchange exchange)
    {
        if (_fee > 0 && !exchange.IsPaid && exchange.PayerIfKnown is { } payer && budgets.ExhaustedFor(payer) is null)
        {
            await budgets.TakeAsync(payer, _fee, closes: true);
        }
    }
}
