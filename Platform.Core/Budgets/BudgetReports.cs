using Microsoft.Extensions.Options;

namespace Platform.Budgets;

/// <summary>How routes stand against their budgets, over all replicas.</summary>
public sealed class BudgetReports(IBudgetStore store, IOptions<BudgetOptions> options, TimeProvider time)
{
    /// <summary>Every route that was asked something within 30 days, or is named in the configuration or by an operator, by name.</summary>
    /// <param name="window">The time over which percentiles are compared; null for that of the configuration.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<BudgetReport>> ReadAsync(TimeSpan? window, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var rules = new BudgetRules(options.Value);
        rules.Override(await store.LimitsAsync(cancellationToken));
        var readings = (await store.ReadAllAsync(now - (window ?? options.Value.Window), now, cancellationToken)).ToDictionary(reading => reading.Route, StringComparer.Ordinal);
        var counts = await store.CountAsync(now, BurnRates.Windows, cancellationToken);
        return
        [
            .. readings.Keys.Concat(counts.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(route =>
            {
                var (budget, source) = rules.For(route);
                var reading = readings.GetValueOrDefault(route) ?? new(route, now, now, 0, 0, new QuantileSketch());
                var rates = BurnRates.Windows.ToDictionary(
                    length => length,
                    length => counts.TryGetValue(route, out var of) && of.TryGetValue(length, out var count) ? count.BurnRate(budget) : 0);
                return new BudgetReport(route, budget, source, reading, reading.Broken(budget, options.Value.MinimumRequests), rates);
            }),
        ];
    }
}

/// <summary>How a route stands against its budget.</summary>
/// <param name="Route">The route with its method.</param>
/// <param name="Budget">What it has to keep.</param>
/// <param name="Source">Who says so.</param>
/// <param name="Reading">What it did within the window.</param>
/// <param name="Broken">The percentiles over their bounds.</param>
/// <param name="BurnRates">How fast the error budget goes, over each of <see cref="BurnRates.Windows"/>.</param>
public sealed record BudgetReport(
    string Route, Budget Budget, BudgetSource Source, BudgetReading Reading, IReadOnlyList<BrokenBound> Broken, IReadOnlyDictionary<TimeSpan, double> BurnRates)
{
    /// <summary>The alerts that fire.</summary>
    public IReadOnlyList<BurnAlert> Alerts => Budgets.BurnRates.Firing(BurnRates);

    /// <summary>The share of the error budget of 30 days that is left; below 0 when more is used than there was.</summary>
    public double ErrorBudgetLeft => 1 - BurnRates[Budgets.BurnRates.Period];

    /// <summary>Whether a percentile is over its bound, or an alert fires.</summary>
    public bool IsBroken => Broken.Count > 0 || Alerts.Count > 0;
}
