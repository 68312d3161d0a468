using System.Globalization;
using Platform.Errors;
using Platform.GraphQL.Limits.Budgets;

namespace Platform.GraphQL.Transport.Steps;

/// <summary>
/// Takes the cost of the operation out of the caller's budget of the minute, and says in header fields what it cost and what is left
/// (draft-ietf-httpapi-ratelimit-headers-10).
/// </summary>
internal sealed class TakeFromBudget(CostBudgets budgets) : ITransportStep
{
    public async ValueTask<Refusal?> RunAsync(GraphQLExchange exchange, CancellationToken cancellationToken)
    {
        var payer = exchange.Payer;
        var cost = exchange.Cost!.Value.Total;
        var decision = await budgets.TakeAsync(payer, cost);
        var headers = exchange.Http.Response.Headers;
        headers["GraphQL-Cost"] = string.Create(CultureInfo.InvariantCulture, $"{cost};max={payer.Budget.PerRequest}");
        headers["RateLimit-Policy"] = string.Create(CultureInfo.InvariantCulture, $"\"{payer.Class}\";q={payer.Budget.PerMinute};w=60;qu=\"cost\"");
        headers["RateLimit"] = string.Create(
            CultureInfo.InvariantCulture, $"\"{payer.Class}\";r={decision.Remaining};t={(long)Math.Ceiling(decision.Reset.TotalSeconds)}");
        exchange.IsPaid = true;
        return decision.Allowed ? null : Exhausted(payer, decision.RetryAfter);
    }

    /// <summary>The answer to a caller that has spent its minute.</summary>
    public static Refusal Exhausted(Payer payer, TimeSpan wait) =>
        Refusal.Document(ErrorCode.RateLimitExceeded, $"The operations of a minute cost at most {payer.Budget.PerMinute} together.") with { RetryAfter = wait };
}
