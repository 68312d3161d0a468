using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using Platform.Resilience;

namespace Platform.ServiceDefaults.Resilience;

/// <summary>A retry budget for each destination.</summary>
internal sealed class RetryBudgets(IOptions<ResilienceOptions> options)
{
    private const int MaxDestinations = 1000;

    private static readonly Counter<long> Refused = new Meter("Platform.Retries").CreateCounter<long>(
        "platform.retry_budget.refused", "{retry}", "Retries that were not made because too few requests to the destination succeed.");

    private readonly ConcurrentDictionary<string, RetryBudget> _budgets = new(StringComparer.OrdinalIgnoreCase);

    public RetryBudget For(string? destination)
    {
        var name = destination ?? "";
        return _budgets.TryGetValue(name, out var budget)
            ? budget
            : _budgets.GetOrAdd(_budgets.Count < MaxDestinations ? name : "", _ => new RetryBudget(options.Value.RetryRatio));
    }

    public static bool MayRetry(RetryBudget budget)
    {
        if (budget.TryWithdraw())
        {
            return true;
        }

        Refused.Add(1);
        return false;
    }
}
