namespace Platform.Budgets;

/// <summary>What a route did over a time, in all replicas together.</summary>
/// <param name="Route">The route as it was asked for.</param>
/// <param name="From">The beginning, as far back as it was read.</param>
/// <param name="To">The end.</param>
/// <param name="Failed">Requests that ended with a status of 500 or more.</param>
/// <param name="Slow">Requests that did not fail, and took longer than p99 of the budget at their time.</param>
/// <param name="Latency">How long requests took, in milliseconds; failed ones among them.</param>
public sealed record BudgetReading(string Route, DateTimeOffset From, DateTimeOffset To, long Failed, long Slow, QuantileSketch Latency)
{
    /// <summary>All requests.</summary>
    public long Requests => Latency.Count;

    /// <summary>The share that failed, 0 to 1; 0 without requests.</summary>
    public double ErrorRate => Share(Failed);

    /// <summary>The share that failed or was too slow, 0 to 1; 0 without requests.</summary>
    public double BadRate => Share(Failed + Slow);

    /// <summary>The median, in milliseconds; 0 without requests.</summary>
    public double P50Ms => Latency.Quantile(0.50);

    /// <summary>The 95th percentile, in milliseconds; 0 without requests.</summary>
    public double P95Ms => Latency.Quantile(0.95);

    /// <summary>The 99th percentile, in milliseconds; 0 without requests.</summary>
    public double P99Ms => Latency.Quantile(0.99);

    /// <summary>
    /// How many times as fast as allowed the error budget is used up (Google, "The Site Reliability Workbook", chapter 5): at 1 it
    /// lasts for exactly its 30 days.
    /// </summary>
    public double BurnRate(Budget budget)
    {
        ArgumentNullException.ThrowIfNull(budget);
        return BadRate / (1 - budget.Objective);
    }

    /// <summary>The percentiles that are over their bounds, worst last; none with fewer than <paramref name="minimumRequests"/>.</summary>
    public IReadOnlyList<BrokenBound> Broken(Budget budget, int minimumRequests)
    {
        ArgumentNullException.ThrowIfNull(budget);
        return Requests < minimumRequests
            ? []
            : [.. Budget.Percentiles
                .Select(percentile => new BrokenBound(percentile.Name, Latency.Quantile(percentile.Share), budget.Limit(percentile.Name)))
                .Where(bound => bound.MeasuredMs > bound.LimitMs)];
    }

    private double Share(long part) => Requests == 0 ? 0 : (double)part / Requests;
}

/// <summary>A percentile over its bound.</summary>
/// <param name="Percentile"><c>p50</c>, <c>p95</c> or <c>p99</c>.</param>
/// <param name="MeasuredMs">What it was, in milliseconds.</param>
/// <param name="LimitMs">What it may be.</param>
public sealed record BrokenBound(string Percentile, double MeasuredMs, double LimitMs);
