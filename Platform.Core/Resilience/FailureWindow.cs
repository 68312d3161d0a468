namespace Platform.Resilience;

/// <summary>Calls and failures of the last moments, in ten slices that are reused. Not thread safe.</summary>
internal sealed class FailureWindow
{
    private const int Slices = 10;

    private readonly (long Slice, int Calls, int Failures)[] _slices = new (long, int, int)[Slices];

    public void Add(TimeSpan now, TimeSpan window, bool failed)
    {
        var slice = now.Ticks / Math.Max(1, window.Ticks / Slices);
        ref var entry = ref _slices[slice % Slices];
        if (entry.Slice != slice)
        {
            entry = (slice, 0, 0);
        }

        entry.Calls++;
        entry.Failures += failed ? 1 : 0;
    }

    public (int Calls, int Failures) Sum(TimeSpan now, TimeSpan window)
    {
        var slice = now.Ticks / Math.Max(1, window.Ticks / Slices);
        var (calls, failures) = (0, 0);
        foreach (var entry in _slices)
        {
            if (entry.Slice > slice - Slices)
            {
                calls += entry.Calls;
                failures += entry.Failures;
            }
        }

        return (calls, failures);
    }

    public void Clear() => Array.Clear(_slices);
}
