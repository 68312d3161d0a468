namespace Platform.FeatureFlags.Plans;

/// <summary>How an own flag goes from nobody to everybody: stage by stage, each for a time, as long as nothing gets worse.</summary>
public sealed record RolloutPlan
{
    /// <summary>The stages, 1 to 20, with growing percentages.</summary>
    /// <value>0, 5, 25 and 100 percent by default, each for an hour.</value>
    public IReadOnlyList<RolloutStage> Stages { get; init; } =
    [
        new(0, TimeSpan.FromHours(1)), new(5, TimeSpan.FromHours(1)), new(25, TimeSpan.FromHours(1)), new(100, TimeSpan.FromHours(1)),
    ];

    /// <summary>What must not get worse, up to 10.</summary>
    public IReadOnlyList<GuardCondition> Guards { get; init; } = [];

    /// <summary>The chance that a plan under which nothing gets worse is stopped all the same, over its whole life and all guards together.</summary>
    /// <value>0.005 by default; 0.0001 to 0.1.</value>
    public double FalseStopRate { get; init; } = 0.005;
}

/// <summary>One stage.</summary>
/// <param name="Percent">Percent of callers, 0 to 100.</param>
/// <param name="Hold">How long it is in force at least: 1 second to 90 days.</param>
public sealed record RolloutStage(decimal Percent, TimeSpan Hold);

/// <summary>What a guard looks at.</summary>
public enum GuardKind
{
    /// <summary>The share of answers of 500 and more.</summary>
    ErrorRate,

    /// <summary>The time within which 95 of 100 answers are given.</summary>
    P95,
}

/// <summary>Whose answers a guard looks at.</summary>
public enum GuardScope
{
    /// <summary>Callers with the flag, beside those without it.</summary>
    Callers,

    /// <summary>Everybody at the endpoints, as the budgets measure them over all replicas.</summary>
    Endpoint,
}

/// <summary>Something that must not get worse.</summary>
public sealed record GuardCondition
{
    /// <summary>Whose answers it looks at. <see cref="GuardScope.Endpoint"/> needs a limit, and compares with nobody.</summary>
    /// <value><see cref="GuardScope.Callers"/> by default.</value>
    public GuardScope Scope { get; init; }

    /// <summary>What is looked at.</summary>
    public GuardKind Kind { get; init; }

    /// <summary>Endpoints as <c>GET /api/v1/orders/{id}</c>, 1 to 20; of the routes' own spelling, constraints included.</summary>
    public IReadOnlyList<string> Endpoints { get; init; } = [];

    /// <summary>
    /// What those who are looked at may reach: of <see cref="GuardKind.ErrorRate"/> a share, 0.02 for 2 percent; of <see cref="GuardKind.P95"/>
    /// milliseconds, rounded up to the next of <see cref="LatencyBounds"/> for callers and exact to 1 percent for endpoints. Null compares only;
    /// <see cref="GuardKind.P95"/> and <see cref="GuardScope.Endpoint"/> need it.
    /// </summary>
    public double? Limit { get; init; }

    /// <summary>Compares those who have the flag with those who do not, over the same time.</summary>
    /// <value>True by default.</value>
    public bool Compares { get; init; } = true;

    /// <summary>How many tests the condition is.</summary>
    internal int Tests => (ComparesCallers ? 1 : 0) + (Limit is null ? 0 : 1);

    internal bool ComparesCallers => Compares && Scope == GuardScope.Callers;
}

/// <summary>The bounds that durations are counted by, in milliseconds.</summary>
public static class LatencyBounds
{
    /// <summary>The upper bounds, growing; what takes longer is counted behind the last.</summary>
    public static IReadOnlyList<int> Milliseconds { get; } =
        [5, 10, 25, 50, 75, 100, 150, 200, 250, 300, 400, 500, 750, 1_000, 1_500, 2_000, 3_000, 5_000, 10_000, 30_000];

    /// <summary>Where a duration is counted, from 0 to the number of bounds.</summary>
    public static int IndexOf(double milliseconds)
    {
        var index = 0;
        while (index < Milliseconds.Count && milliseconds > Milliseconds[index])
        {
            index++;
        }

        return index;
    }
}
