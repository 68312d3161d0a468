using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace Platform.Budgets;

internal static class Telemetry
{
    public const string RouteTag = "platform.budget.route";
    public const string PercentileTag = "platform.budget.percentile";

    private static readonly Meter Meter = new("Platform.Budgets");

    private static readonly Counter<long> Requests = Meter.CreateCounter<long>(
        "platform.budget.requests", "{request}", "Requests that count for the error budget.");

    private static readonly Counter<long> Bad = Meter.CreateCounter<long>(
        "platform.budget.bad_requests", "{request}", "Requests that use up the error budget: those that failed, and those slower than p99 of the budget.");

    public static readonly Counter<long> Violations = Meter.CreateCounter<long>(
        "platform.budget.violations", "{violation}", "Percentiles over their bound, once a window over all replicas.");

    public static readonly Counter<long> LostMinutes = Meter.CreateCounter<long>(
        "platform.budget.lost_minutes", "{minute}", "Minutes that never came into the history because the database was away for too long.");

    static Telemetry()
    {
        Meter.CreateObservableGauge(
            "platform.budget.latency", () => Observe((meter, latency, percentile) => latency.Quantile(percentile.Share) / 1000), "s", "A percentile within the sliding window of this process.");
        Meter.CreateObservableGauge(
            "platform.budget.limit", () => Observe((meter, _, percentile) => meter.Budget.Limit(percentile.Name) / 1000), "s", "What the percentile may be.");
        Meter.CreateObservableGauge(
            "platform.budget.objective",
            () => Boards.SelectMany(board => board.Meters).Select(meter => new Measurement<double>(meter.Budget.Objective, new KeyValuePair<string, object?>(RouteTag, meter.Route))),
            "1",
            "The share of requests that have to be good.");
    }

    /// <summary>The boards of this process; a host has one.</summary>
    public static BoardList Boards { get; } = new();

    /// <summary>Shows what was not counted yet: the first violation is no increase of what was not there.</summary>
    public static RouteMeter FromZero(RouteMeter meter)
    {
        foreach (var percentile in Budget.Percentiles)
        {
            Violations.Add(0, new(RouteTag, meter.Route), new(PercentileTag, percentile.Name));
        }

        LostMinutes.Add(0);
        return meter;
    }

    public static void Count(string route, RouteSlice slice)
    {
        var tag = new KeyValuePair<string, object?>(RouteTag, route);
        Requests.Add(slice.Latency.Count, tag);
        Bad.Add(slice.Failed + slice.Slow, tag);
    }

    private static IEnumerable<Measurement<double>> Observe(Func<RouteMeter, QuantileSketch, (string Name, double Share), double> value)
    {
        foreach (var meter in Boards.SelectMany(board => board.Meters))
        {
            QuantileSketch latency;
            lock (meter.Window)
            {
                latency = meter.Window.Latency.Copy();
            }

            if (latency.Count == 0)
            {
                continue;
            }

            foreach (var percentile in Budget.Percentiles)
            {
                yield return new(value(meter, latency, percentile), new KeyValuePair<string, object?>(RouteTag, meter.Route), new(PercentileTag, percentile.Name));
            }
        }
    }

    /// <summary>Lets go of a board together with its host.</summary>
    internal sealed class BoardList : IEnumerable<BudgetBoard>
    {
        private readonly ConditionalWeakTable<BudgetBoard, object> _boards = [];

        public void Add(BudgetBoard board) => _boards.Add(board, board.Rules);

        public IEnumerator<BudgetBoard> GetEnumerator() => _boards.Select(pair => pair.Key).GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
