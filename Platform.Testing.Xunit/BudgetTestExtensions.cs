using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Platform.Budgets;

namespace Platform.Testing.Xunit;

/// <summary>Budgets in tests.</summary>
public static class BudgetTestExtensions
{
    /// <summary>Fails unless a route keeps its budget, by what the host measured within its sliding window.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="route">With its method, as the application declares it: <c>GET /api/v1/orders/{id:guid}</c>.</param>
    /// <param name="minimumRequests">Fewer requests say nothing, and fail as well.</param>
    /// <returns>What was measured.</returns>
    /// <exception cref="BudgetBrokenException">A percentile is over its bound, more requests are bad than the objective allows, or too few were measured.</exception>
    public static BudgetReading AssertBudget(this IServiceProvider services, string route, int minimumRequests = 1)
    {
        ArgumentNullException.ThrowIfNull(services);
        var board = services.GetRequiredService<BudgetBoard>();
        var reading = board.Readings().FirstOrDefault(reading => reading.Route == route);
        if (reading is null || reading.Requests < minimumRequests)
        {
            throw new BudgetBrokenException($"{route} was asked {reading?.Requests ?? 0} times, {minimumRequests} are needed. Measured are: {string.Join(", ", board.Readings().Select(other => other.Route))}");
        }

        var budget = board.Rules.For(route).Budget;
        string[] broken =
        [
            .. reading.Broken(budget, 1).Select(bound => string.Create(CultureInfo.InvariantCulture, $"{bound.Percentile} is {bound.MeasuredMs:0.0} ms of {bound.LimitMs:0.0}")),
            .. reading.BadRate > 1 - budget.Objective
                ? [string.Create(CultureInfo.InvariantCulture, $"{reading.Failed} of {reading.Requests} requests failed, {reading.Slow} took longer than p99 may")]
                : Array.Empty<string>(),
        ];
        return broken.Length == 0 ? reading : throw new BudgetBrokenException($"{route} is over its budget: {string.Join("; ", broken)}");
    }
}

/// <summary>A route is over its budget.</summary>
public sealed class BudgetBrokenException(string message) : Exception(message);
