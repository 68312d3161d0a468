namespace Platform.Budgets;

/// <summary>What was measured and is not safely in the history: the minute that is running, and those of an outage of the database.</summary>
internal sealed class PendingMinutes
{
    /// <summary>An outage may last so long before measurements are lost; memory stays bounded.</summary>
    public const int MaxMinutes = 15;

    private readonly SortedList<DateTimeOffset, Dictionary<string, RouteSlice>> _minutes = [];

    public IReadOnlyList<DateTimeOffset> Minutes => [.. _minutes.Keys];

    public void Add(DateTimeOffset minute, RouteSlice slice)
    {
        if (!_minutes.TryGetValue(minute, out var routes))
        {
            _minutes.Add(minute, routes = new(StringComparer.Ordinal));
            if (_minutes.Count > MaxMinutes)
            {
                _minutes.RemoveAt(0);
                Telemetry.LostMinutes.Add(1);
            }
        }

        if (routes.TryGetValue(slice.Route, out var sum))
        {
            sum.Latency.Merge(slice.Latency);
            routes[slice.Route] = sum with { Failed = sum.Failed + slice.Failed, Slow = sum.Slow + slice.Slow };
        }
        else
        {
            routes.Add(slice.Route, slice with { Latency = slice.Latency.Copy() });
        }
    }

    public IReadOnlyList<RouteSlice> Slices(DateTimeOffset minute) => [.. _minutes[minute].Values];

    public void Forget(DateTimeOffset minute) => _minutes.Remove(minute);
}
