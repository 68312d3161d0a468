namespace Platform.Budgets;

/// <summary>Where replicas keep together what they measured and what operators set.</summary>
public interface IBudgetStore : IBudgetReadings
{
    /// <summary>Writes what this replica measured in a minute up to now, over what it wrote of the same minute before.</summary>
    Task SaveAsync(Guid replica, DateTimeOffset minute, IReadOnlyList<RouteSlice> slices, CancellationToken cancellationToken);

    /// <summary>What operators set.</summary>
    Task<IReadOnlyDictionary<string, Budget>> LimitsAsync(CancellationToken cancellationToken);

    /// <summary>Sets the budget of a route, or takes it back.</summary>
    /// <param name="route">A route as <see cref="BudgetRules.IsRoute"/> has it.</param>
    /// <param name="budget">Null to take back what was set.</param>
    /// <param name="actor">Who does it.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether there was anything to change.</returns>
    Task<bool> SetLimitAsync(string route, Budget? budget, string actor, string reason, CancellationToken cancellationToken);

    /// <summary>What was set and taken back, the newest first.</summary>
    Task<IReadOnlyList<BudgetChange>> ChangesAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Claims a violation for its window, so that one replica tells of it.</summary>
    /// <returns>False when another did already.</returns>
    Task<bool> ClaimAsync(BudgetViolation violation, CancellationToken cancellationToken);

    /// <summary>What was claimed, the newest first.</summary>
    Task<IReadOnlyList<BudgetViolation>> ViolationsAsync(DateTimeOffset from, int limit, CancellationToken cancellationToken);

    /// <summary>How many requests each route had within each of the times before <paramref name="now"/>, and how many of them were bad.</summary>
    Task<IReadOnlyDictionary<string, IReadOnlyDictionary<TimeSpan, RequestCount>>> CountAsync(
        DateTimeOffset now, IReadOnlyList<TimeSpan> windows, CancellationToken cancellationToken);

    /// <summary>What one route did, step by step.</summary>
    Task<IReadOnlyList<BudgetReading>> SeriesAsync(string route, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken);
}

/// <summary>What a replica measured of a route within one minute.</summary>
public sealed record RouteSlice(string Route, long Failed, long Slow, QuantileSketch Latency);

/// <summary>A bound that was broken in a window.</summary>
/// <param name="Route">The route with its method.</param>
/// <param name="Percentile"><c>p50</c>, <c>p95</c> or <c>p99</c>.</param>
/// <param name="WindowStart">The window that it is told of once for.</param>
/// <param name="MeasuredMs">What the percentile was, over all replicas.</param>
/// <param name="LimitMs">What it may be.</param>
/// <param name="Requests">On how many requests that rests.</param>
/// <param name="TraceId">A request that was over the bound, if one is known.</param>
/// <param name="At">When it was seen.</param>
public sealed record BudgetViolation(
    string Route, string Percentile, DateTimeOffset WindowStart, double MeasuredMs, double LimitMs, long Requests, string? TraceId, DateTimeOffset At);

/// <summary>What an operator changed.</summary>
public sealed record BudgetChange(string Route, Budget? Before, Budget? After, string Actor, string Reason, DateTimeOffset At);

/// <summary>Requests of a time.</summary>
/// <param name="Requests">All.</param>
/// <param name="Bad">Those that failed or were slow.</param>
public readonly record struct RequestCount(long Requests, long Bad)
{
    /// <summary>How many times as fast as allowed the error budget is used up.</summary>
    public double BurnRate(Budget budget)
    {
        ArgumentNullException.ThrowIfNull(budget);
        return Requests == 0 ? 0 : (double)Bad / Requests / (1 - budget.Objective);
    }
}
