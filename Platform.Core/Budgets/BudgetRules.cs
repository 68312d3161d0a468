using System.Collections.Frozen;

namespace Platform.Budgets;

/// <summary>Which budget holds for a route: one set at run time, else one of the configuration, else the default. Thread safe.</summary>
public sealed class BudgetRules
{
    /// <summary>Routes are at most so long.</summary>
    public const int MaxRouteLength = 300;

    private readonly FrozenDictionary<string, Budget> _configured;
    private readonly Budget _default;
    private volatile FrozenDictionary<string, Budget> _overrides = FrozenDictionary<string, Budget>.Empty;

    /// <summary>Takes the configuration.</summary>
    public BudgetRules(BudgetOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _default = options.Default.ToBudget();
        var configured = new Dictionary<string, Budget>(StringComparer.OrdinalIgnoreCase);
        foreach (var route in options.Routes)
        {
            configured[route.Route] = route.ToBudget();
        }

        _configured = configured.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Counts up with each change of the overrides.</summary>
    internal int Generation { get; private set; }

    /// <summary>Every route that the configuration or an operator names.</summary>
    public IEnumerable<string> Named => _configured.Keys.Concat(_overrides.Keys).Distinct(StringComparer.OrdinalIgnoreCase);

    /// <summary>The budget of a route.</summary>
    /// <param name="route">With its method, as it is measured: <c>GET /api/v1/orders/</c>.</param>
    public (Budget Budget, BudgetSource Source) For(string route)
    {
        ArgumentNullException.ThrowIfNull(route);
        if (Best(_overrides, route) is { } set)
        {
            return (set, BudgetSource.Operator);
        }

        return Best(_configured, route) is { } configured ? (configured, BudgetSource.Configuration) : (_default, BudgetSource.Default);
    }

    /// <summary>Replaces what was set at run time.</summary>
    public void Override(IReadOnlyDictionary<string, Budget> overrides)
    {
        ArgumentNullException.ThrowIfNull(overrides);
        var before = _overrides;
        if (before.Count == overrides.Count && overrides.All(pair => before.TryGetValue(pair.Key, out var budget) && budget == pair.Value))
        {
            return;
        }

        _overrides = overrides.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        Generation++;
    }

    /// <summary>Whether a text can name a route.</summary>
    public static bool IsRoute(string? route)
    {
        if (route is not { Length: > 0 and <= MaxRouteLength } || route.Any(char.IsControl))
        {
            return false;
        }

        var path = route.IndexOf('/', StringComparison.Ordinal);
        return path == 0 || (path > 1 && route[path - 1] == ' ' && route.AsSpan(0, path - 1).IndexOfAnyExceptInRange('A', 'Z') < 0);
    }

    // With the method before without it; the route itself before a folder above it; the deepest folder first.
    private static Budget? Best(FrozenDictionary<string, Budget> budgets, string route)
    {
        if (budgets.Count == 0)
        {
            return null;
        }

        var space = route.IndexOf(' ', StringComparison.Ordinal);
        var (method, path) = space < 0 ? (null, route) : (route[..(space + 1)], route[(space + 1)..]);
        for (var end = path.Length; end > 0; end = path.LastIndexOf('/', end - 2) + 1)
        {
            var part = path[..end];
            if ((method is not null && budgets.TryGetValue(method + part, out var budget)) || budgets.TryGetValue(part, out budget))
            {
                return budget;
            }

            if (end < 2)
            {
                break;
            }
        }

        return null;
    }
}

/// <summary>Where a budget comes from.</summary>
public enum BudgetSource
{
    /// <summary>The configuration's default.</summary>
    Default,

    /// <summary>An entry of the configuration.</summary>
    Configuration,

    /// <summary>An operator, at run time.</summary>
    Operator,
}
