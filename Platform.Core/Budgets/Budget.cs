namespace Platform.Budgets;

/// <summary>How fast a route has to be, and how often it may fail to be.</summary>
/// <param name="P50Ms">What half of the requests have to stay below, in milliseconds.</param>
/// <param name="P95Ms">What 95 of 100 requests have to stay below.</param>
/// <param name="P99Ms">What 99 of 100 requests have to stay below; a slower request is a bad one, as one that fails is.</param>
/// <param name="Objective">The share of requests that have to be good, over 30 days. What is left of it is the error budget.</param>
public sealed record Budget(double P50Ms, double P95Ms, double P99Ms, double Objective = Budget.DefaultObjective)
{
    /// <summary>99 of 100 requests.</summary>
    public const double DefaultObjective = 0.99;

    /// <summary>What holds where nobody says otherwise: 300, 1,000 and 3,000 ms.</summary>
    public static Budget Default { get; } = new(300, 1000, 3000);

    /// <summary>The shares that are bounded, with their names.</summary>
    internal static IReadOnlyList<(string Name, double Share)> Percentiles { get; } = [("p50", 0.50), ("p95", 0.95), ("p99", 0.99)];

    /// <summary>The bound of a percentile, in milliseconds.</summary>
    internal double Limit(string percentile) => percentile switch { "p50" => P50Ms, "p95" => P95Ms, _ => P99Ms };

    /// <summary>Says what is wrong with it, or nothing.</summary>
    public string? Problem() =>
        !(P50Ms > 0 && P50Ms <= P95Ms && P95Ms <= P99Ms && P99Ms <= SketchBins.Largest) ? "p50, p95 and p99 are milliseconds above 0 that do not fall, of an hour at most."
        : Objective is >= 0.5 and < 1 ? null
        : "The objective is a share from 0.5 to below 1.";
}
