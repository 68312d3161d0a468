using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Platform.Budgets;

/// <summary>Every route that this process measures. Thread safe but for <see cref="Turn"/>, which is for one thread at a time.</summary>
public sealed class BudgetBoard
{
    /// <summary>What stands for all routes past <see cref="BudgetOptions.MaxRoutes"/>.</summary>
    public const string OtherRoutes = "(other)";

    private readonly ConcurrentDictionary<string, RouteMeter> _meters = new(StringComparer.Ordinal);
    private readonly BudgetOptions _options;
    private readonly TimeProvider _time;
    private readonly PendingMinutes _pending = new();
    private DateTimeOffset _turned;
    private int _generation;

    /// <summary>Starts with no route.</summary>
    public BudgetBoard(IOptions<BudgetOptions> options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        _options = options.Value;
        _time = time;
        Rules = new BudgetRules(_options);
        _turned = time.GetUtcNow();
        Telemetry.Boards.Add(this);
    }

    /// <summary>Which budget holds for which route.</summary>
    public BudgetRules Rules { get; }

    /// <summary>The meter of a route.</summary>
    /// <param name="route">With its method.</param>
    public RouteMeter Meter(string route)
    {
        ArgumentNullException.ThrowIfNull(route);
        if (_meters.TryGetValue(route, out var meter))
        {
            return meter;
        }

        var name = route.Length > BudgetRules.MaxRouteLength || _meters.Count >= _options.MaxRoutes ? OtherRoutes : route;
        return _meters.GetOrAdd(name, static (name, rules) => Telemetry.FromZero(new RouteMeter(name, rules.For(name).Budget)), Rules);
    }

    /// <summary>What this process itself measured of each route within the window, up to the last request.</summary>
    public IReadOnlyList<BudgetReading> Readings()
    {
        var now = _time.GetUtcNow();
        return [.. _meters.Values.OrderBy(meter => meter.Route, StringComparer.Ordinal).Select(meter => Reading(meter, now))];
    }

    /// <summary>Slides every window up to now.</summary>
    /// <returns>The routes that are over a bound by what this process saw.</returns>
    internal IReadOnlyList<(RouteMeter Meter, BudgetReading Reading)> Turn(int minimumRequests)
    {
        var now = _time.GetUtcNow();
        var minute = Floor(_turned, TimeSpan.FromMinutes(1));
        var changed = Rules.Generation != _generation;
        var begins = Floor(_turned, _options.Window) != Floor(now, _options.Window);
        _generation = Rules.Generation;
        var broken = new List<(RouteMeter, BudgetReading)>();
        foreach (var meter in _meters.Values)
        {
            if (changed)
            {
                meter.Budget = Rules.For(meter.Route).Budget;
            }

            if (begins)
            {
                meter.BeginWindow();
            }

            RouteSlice slice;
            lock (meter.Window)
            {
                slice = meter.Take();
                meter.Window.Slide(slice, now, _options.Window);
            }

            if (slice.Latency.Count == 0)
            {
                continue;
            }

            _pending.Add(minute, slice);
            Telemetry.Count(meter.Route, slice);
            var reading = Reading(meter, now);
            if (reading.Broken(meter.Budget, minimumRequests).Count > 0)
            {
                broken.Add((meter, reading));
            }
        }

        _turned = now;
        return broken;
    }

    /// <summary>What is not in the history yet, by minute, the oldest first.</summary>
    internal PendingMinutes Pending => _pending;

    /// <summary>Whether more may come for a minute.</summary>
    internal bool IsOpen(DateTimeOffset minute) => Floor(_turned, TimeSpan.FromMinutes(1)) <= minute;

    /// <summary>For the gauges.</summary>
    internal IEnumerable<RouteMeter> Meters => _meters.Values;

    internal static DateTimeOffset Floor(DateTimeOffset time, TimeSpan step) => new(time.UtcTicks - (time.UtcTicks % step.Ticks), TimeSpan.Zero);

    private BudgetReading Reading(RouteMeter meter, DateTimeOffset now)
    {
        lock (meter.Window)
        {
            var latest = meter.Peek();
            var latency = meter.Window.Latency.Copy();
            latency.Merge(latest.Latency);
            return new(meter.Route, now - _options.Window, now, meter.Window.Failed + latest.Failed, meter.Window.Slow + latest.Slow, latency);
        }
    }
}
