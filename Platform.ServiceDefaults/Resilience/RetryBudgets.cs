using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using Platform.Resilience;

namespace Platform.ServiceDefaults.Resilience;

/// <summary>A retry budget for each destination.</summary>
internal sealed class RetryBudgets
{
    private const int MaxDestinations = 1000;

    private static readonly Counter<long> Refused = new Meter("Platform.Retries").CreateCounter<long>(
        "platform.retry_budget.refused", "{retry}", "Retries that were not made because too few requests to the destination succeed.");

    private readonly ConcurrentDictionary<string, RetryBudget> _budgets = new(StringComparer.OrdinalIgnoreCase);
    private readonly ResilienceOptions _options;

    public RetryBudgets(IOptions<ResilienceOptions> options)
    {
        // Shown from zero on: the first is an increase.
        Refused.Add(0);
        _options = options.Value;
    }

    public RetryBudget For(string? destination)
    {
        var name = destination ?? "";
        return _budgets.TryGetValue(name, out var budget)
            ? budget
            : _budgets.GetOrAdd(_budgets.Count < MaxDestinations ? name : "", _ => new RetryBudget(_options.RetryRatio));
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
