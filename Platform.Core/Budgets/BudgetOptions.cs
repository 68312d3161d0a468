using System.ComponentModel.DataAnnotations;

namespace Platform.Budgets;

/// <summary>How fast routes have to be. Section <c>Platform:Budgets</c>.</summary>
public sealed class BudgetOptions : IValidatableObject
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Platform:Budgets";

    /// <summary>Whether requests are measured at all.</summary>
    /// <value>Default <see langword="true"/>.</value>
    public bool Enabled { get; set; } = true;

    /// <summary>The budget of every route that has none of its own.</summary>
    /// <value>Default 300, 1,000 and 3,000 ms, 99 % good.</value>
    [Required]
    public BudgetSetting Default { get; set; } = new() { P50Ms = 300, P95Ms = 1000, P99Ms = 3000 };

    /// <summary>
    /// Budgets of routes. Shipped: <c>/api/graphql/</c> with 200, 500 and 1,000 ms, <c>/api/v1/sync/</c> with 100, 200 and 500 ms. What the
    /// configuration adds comes after them; of two entries that fit a route equally well the later holds.
    /// </summary>
    [Required]
    public IList<RouteBudgetSetting> Routes { get; } =
    [
        new() { Route = "/api/graphql/", P50Ms = 200, P95Ms = 500, P99Ms = 1000 },
        new() { Route = "/api/v1/sync/", P50Ms = 100, P95Ms = 200, P99Ms = 500 },
    ];

    /// <summary>The time over which percentiles are compared with their bounds, sliding. A broken bound is told of once in each.</summary>
    /// <value>Default 5 min, 1 min to 1 h.</value>
    [Range(typeof(TimeSpan), "00:01:00", "01:00:00")]
    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How often the window slides, and what was measured goes to the history.</summary>
    /// <value>Default 10 s, 100 ms to 1 min.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan Slide { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Below so many requests within a window nothing is judged.</summary>
    /// <value>Default 20, 1 to 1,000,000.</value>
    [Range(1, 1_000_000)]
    public int MinimumRequests { get; set; } = 20;

    /// <summary>How many routes are told apart; the others are measured together as <c>(other)</c>.</summary>
    /// <value>Default 1,000, 1 to 10,000. Each takes some 20 KB.</value>
    [Range(1, 10_000)]
    public int MaxRoutes { get; set; } = 1000;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Default.ToBudget().Problem() is { } problem)
        {
            yield return new(problem, [nameof(Default)]);
        }

        foreach (var route in Routes)
        {
            if (route.ToBudget().Problem() is { } wrong)
            {
                yield return new($"{route.Route}: {wrong}", [nameof(Routes)]);
            }
            else if (!BudgetRules.IsRoute(route.Route))
            {
                yield return new($"'{route.Route}' is no route: give a path, with a method before it or not.", [nameof(Routes)]);
            }
        }
    }
}

/// <summary>A budget in the configuration.</summary>
public class BudgetSetting
{
    /// <summary>The bound of the median, in milliseconds.</summary>
    public double P50Ms { get; set; }

    /// <summary>The bound of the 95th percentile, in milliseconds.</summary>
    public double P95Ms { get; set; }

    /// <summary>The bound of the 99th percentile, in milliseconds.</summary>
    public double P99Ms { get; set; }

    /// <summary>The share of requests that have to be good.</summary>
    /// <value>Default 0.99, 0.5 to below 1.</value>
    public double Objective { get; set; } = Budget.DefaultObjective;

    internal Budget ToBudget() => new(P50Ms, P95Ms, P99Ms, Objective);
}

/// <summary>The budget of a route in the configuration.</summary>
public sealed class RouteBudgetSetting : BudgetSetting
{
    /// <summary>
    /// A route as the application declares it (<c>/api/v1/orders/{id:guid}</c>), for all methods, or for one (<c>GET /api/v1/orders/</c>); one
    /// that ends in <c>/</c> is for everything below it, too.
    /// </summary>
    [Required]
    public string Route { get; set; } = "";
}
