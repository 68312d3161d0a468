using System.ComponentModel.DataAnnotations;
using Platform.Budgets;
using Platform.Errors;

namespace Platform.Api.Budgets;

/// <summary>A budget for a route.</summary>
/// <param name="Route">The route as it is measured, <c>GET /api/v1/orders/</c>; without a method for all of them. Required, at most 300 characters.</param>
/// <param name="P50Ms">What half of the requests have to stay below, in milliseconds. Required.</param>
/// <param name="P95Ms">What 95 of 100 requests have to stay below. Required, not less than the one before.</param>
/// <param name="P99Ms">What 99 of 100 requests have to stay below. Required, not less than the one before.</param>
/// <param name="Objective">The share of requests that have to be good; 0.99 by default.</param>
/// <param name="Reason">Why, for the record. Required, at most 1,000 characters.</param>
internal sealed record BudgetRequest(
    [property: MaxLength(BudgetRules.MaxRouteLength)] string? Route,
    double? P50Ms,
    double? P95Ms,
    double? P99Ms,
    [property: Range(0.5, 0.999999)] double? Objective,
    [property: MaxLength(BudgetRequest.ReasonMaxLength)] string? Reason)
{
    public const int ReasonMaxLength = 1000;

    public (string Route, Budget Budget, string Reason) Check()
    {
        var errors = new FieldErrors();
        var route = errors.Text("/route", Route, BudgetRules.MaxRouteLength);
        if (route is not null && !BudgetRules.IsRoute(route))
        {
            errors.Add("/route", "invalid", "A route is a path, with a method before it or not.");
        }

        var reason = errors.Text("/reason", Reason, ReasonMaxLength);
        foreach (var (pointer, value) in new[] { ("/p50Ms", P50Ms), ("/p95Ms", P95Ms), ("/p99Ms", P99Ms) })
        {
            if (value is null)
            {
                errors.Add(pointer, "required", "A value is required.");
            }
        }

        errors.ThrowIfAny();
        var budget = new Budget(P50Ms!.Value, P95Ms!.Value, P99Ms!.Value, Objective ?? Budget.DefaultObjective);
        if (budget.Problem() is { } problem)
        {
            errors.Add(budget.Objective is >= 0.5 and < 1 ? "/p99Ms" : "/objective", "invalid", problem);
        }

        errors.ThrowIfAny();
        return (route!, budget, reason!);
    }
}

/// <summary>How a route stands against its budget, over all replicas.</summary>
/// <param name="Route">The route with its method.</param>
/// <param name="Budget">What it has to keep.</param>
/// <param name="Source"><c>default</c>, <c>configuration</c> or <c>operator</c>.</param>
/// <param name="Measured">What it did within the window.</param>
/// <param name="Broken">The percentiles that are over: <c>p50</c>, <c>p95</c>, <c>p99</c>.</param>
/// <param name="BurnRates">How many times as fast as allowed the error budget goes, over 5 minutes to 30 days.</param>
/// <param name="Alerts">The burn-rate alerts that fire.</param>
/// <param name="ErrorBudgetLeft">The share of the error budget of 30 days that is left.</param>
internal sealed record BudgetResponse(
    string Route,
    BudgetLimits Budget,
    string Source,
    BudgetMeasure Measured,
    IReadOnlyList<string> Broken,
    IReadOnlyList<BurnRateResponse> BurnRates,
    IReadOnlyList<string> Alerts,
    double ErrorBudgetLeft)
{
    public static BudgetResponse From(BudgetReport report) => new(
        report.Route,
        BudgetLimits.From(report.Budget),
        report.Source.ToString().ToLowerInvariant(),
        BudgetMeasure.Of(report.Reading),
        [.. report.Broken.Select(bound => bound.Percentile)],
        [.. report.BurnRates.OrderBy(rate => rate.Key).Select(rate => new BurnRateResponse((int)rate.Key.TotalMinutes, Math.Round(rate.Value, 3)))],
        [.. report.Alerts.Select(alert => alert.Name)],
        Math.Round(report.ErrorBudgetLeft, 4));
}

/// <summary>Bounds.</summary>
/// <param name="P50Ms">Of the median, in milliseconds.</param>
/// <param name="P95Ms">Of the 95th percentile.</param>
/// <param name="P99Ms">Of the 99th percentile.</param>
/// <param name="Objective">The share of requests that have to be good.</param>
internal sealed record BudgetLimits(double P50Ms, double P95Ms, double P99Ms, double Objective)
{
    public static BudgetLimits From(Budget budget) => new(budget.P50Ms, budget.P95Ms, budget.P99Ms, budget.Objective);
}

/// <summary>What was measured in a time.</summary>
/// <param name="From">Its beginning.</param>
/// <param name="To">Its end.</param>
/// <param name="Requests">All requests.</param>
/// <param name="Failed">Those with a status of 500 or more.</param>
/// <param name="Slow">Those that did not fail, and took longer than p99 of the budget.</param>
/// <param name="P50Ms">The median, in milliseconds, at most 0.5 % off.</param>
/// <param name="P95Ms">The 95th percentile.</param>
/// <param name="P99Ms">The 99th percentile.</param>
internal sealed record BudgetMeasure(
    DateTimeOffset From, DateTimeOffset To, long Requests, long Failed, long Slow, double P50Ms, double P95Ms, double P99Ms)
{
    public static BudgetMeasure Of(BudgetReading reading) => new(
        reading.From,
        reading.To,
        reading.Requests,
        reading.Failed,
        reading.Slow,
        Math.Round(reading.P50Ms, 3),
        Math.Round(reading.P95Ms, 3),
        Math.Round(reading.P99Ms, 3));
}

/// <summary>A burn rate.</summary>
/// <param name="Minutes">Over how long.</param>
/// <param name="Rate">1 uses the error budget up in exactly 30 days.</param>
internal sealed record BurnRateResponse(int Minutes, double Rate);

/// <summary>Routes against their budgets.</summary>
/// <param name="Items">By route.</param>
internal sealed record BudgetListResponse(IReadOnlyList<BudgetResponse> Items);

/// <summary>What a route did, step by step: minutes of the last six hours, steps of ten minutes of three days, then hours.</summary>
/// <param name="Route">The route as asked for.</param>
/// <param name="Items">The oldest first.</param>
internal sealed record BudgetHistoryResponse(string Route, IReadOnlyList<BudgetMeasure> Items);

/// <summary>Bounds that were broken.</summary>
/// <param name="Items">The newest first.</param>
internal sealed record BudgetViolationListResponse(IReadOnlyList<BudgetViolationResponse> Items);

/// <summary>A bound that was broken in a window.</summary>
/// <param name="Route">The route with its method.</param>
/// <param name="Percentile"><c>p50</c>, <c>p95</c> or <c>p99</c>.</param>
/// <param name="WindowStart">The window that it is told of once for.</param>
/// <param name="MeasuredMs">What it was.</param>
/// <param name="LimitMs">What it may be.</param>
/// <param name="Requests">On how many requests that rests.</param>
/// <param name="TraceId">A request that was over the bound, if one is known.</param>
/// <param name="At">When it was seen.</param>
internal sealed record BudgetViolationResponse(
    string Route, string Percentile, DateTimeOffset WindowStart, double MeasuredMs, double LimitMs, long Requests, string? TraceId, DateTimeOffset At)
{
    public static BudgetViolationResponse From(BudgetViolation of) =>
        new(of.Route, of.Percentile, of.WindowStart, Math.Round(of.MeasuredMs, 3), of.LimitMs, of.Requests, of.TraceId, of.At);
}

/// <summary>What operators changed.</summary>
/// <param name="Items">The newest first.</param>
internal sealed record BudgetChangeListResponse(IReadOnlyList<BudgetChangeResponse> Items);

/// <summary>A change by an operator.</summary>
/// <param name="Route">Of which route.</param>
/// <param name="Before">What was set before; absent when nothing was.</param>
/// <param name="After">What was set; absent when it was taken back.</param>
/// <param name="Actor">Who did it.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When.</param>
internal sealed record BudgetChangeResponse(string Route, BudgetLimits? Before, BudgetLimits? After, string Actor, string Reason, DateTimeOffset At)
{
    public static BudgetChangeResponse From(BudgetChange change) => new(
        change.Route,
        change.Before is null ? null : BudgetLimits.From(change.Before),
        change.After is null ? null : BudgetLimits.From(change.After),
        change.Actor,
        change.Reason,
        change.At);
}
