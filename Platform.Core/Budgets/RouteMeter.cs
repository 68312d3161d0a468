using System.Diagnostics;

namespace Platform.Budgets;

/// <summary>Measures one route in this process. Thread safe; a request costs some 20 ns and allocates nothing unless it is slow.</summary>
public sealed class RouteMeter
{
    private readonly SketchRecorder _latency = new();
    private readonly string?[] _offenders = new string?[Budget.Percentiles.Count];
    private readonly string?[] _offendersBefore = new string?[Budget.Percentiles.Count];
    private volatile Budget _budget;
    private long _failed;
    private long _slow;
    private long _failedBefore;
    private long _slowBefore;

    internal RouteMeter(string route, Budget budget)
    {
        Route = route;
        _budget = budget;
    }

    /// <summary>The route with its method.</summary>
    public string Route { get; }

    internal Budget Budget
    {
        get => _budget;
        set => _budget = value;
    }

    internal SlidingWindow Window { get; } = new();

    /// <summary>Counts a request.</summary>
    /// <param name="milliseconds">How long it took.</param>
    /// <param name="failed">Whether it ended with a status of 500 or more.</param>
    public void Record(double milliseconds, bool failed)
    {
        _latency.Add(milliseconds);
        var budget = _budget;
        if (failed)
        {
            Interlocked.Increment(ref _failed);
        }
        else if (milliseconds > budget.P99Ms)
        {
            Interlocked.Increment(ref _slow);
        }

        if (milliseconds > budget.P50Ms)
        {
            Remember(milliseconds, budget);
        }
    }

    /// <summary>What came since the last <see cref="Take"/>, which stays for the next.</summary>
    internal RouteSlice Peek() => new(Route, Interlocked.Read(ref _failed) - _failedBefore, Interlocked.Read(ref _slow) - _slowBefore, _latency.Peek());

    /// <summary>What came since the last call.</summary>
    internal RouteSlice Take()
    {
        var (failed, slow) = (Interlocked.Read(ref _failed), Interlocked.Read(ref _slow));
        var slice = new RouteSlice(Route, failed - _failedBefore, slow - _slowBefore, _latency.Take());
        (_failedBefore, _slowBefore) = (failed, slow);
        return slice;
    }

    /// <summary>The trace of a request over the bound of a percentile, within this window or the one before.</summary>
    internal string? Offender(string percentile)
    {
        for (var i = 0; i < _offenders.Length; i++)
        {
            if (Budget.Percentiles[i].Name == percentile)
            {
                return Volatile.Read(ref _offenders[i]) ?? _offendersBefore[i];
            }
        }

        return null;
    }

    /// <summary>A window begins: whoever was slow before the last one is no example of what is slow now.</summary>
    internal void BeginWindow()
    {
        for (var i = 0; i < _offenders.Length; i++)
        {
            _offendersBefore[i] = Interlocked.Exchange(ref _offenders[i], null);
        }
    }

    private void Remember(double milliseconds, Budget budget)
    {
        if (Activity.Current is not { IdFormat: ActivityIdFormat.W3C } activity)
        {
            return;
        }

        string? trace = null;
        for (var i = 0; i < _offenders.Length && milliseconds > budget.Limit(Budget.Percentiles[i].Name); i++)
        {
            // One that is recorded can be looked up; any other is better than none.
            if (activity.Recorded || Volatile.Read(ref _offenders[i]) is null)
            {
                Volatile.Write(ref _offenders[i], trace ??= activity.TraceId.ToHexString());
            }
        }
    }
}
