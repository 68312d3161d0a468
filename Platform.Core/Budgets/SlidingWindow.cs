namespace Platform.Budgets;

/// <summary>What a route did within the last minutes: slices come in at one end and are taken out at the other.</summary>
internal sealed class SlidingWindow
{
    private readonly Queue<(DateTimeOffset Until, RouteSlice Slice)> _slices = new();

    public QuantileSketch Latency { get; private set; } = new();

    public long Failed { get; private set; }

    public long Slow { get; private set; }

    /// <summary>Adds what came up to now, and forgets what is older than the window.</summary>
    public void Slide(RouteSlice slice, DateTimeOffset now, TimeSpan length)
    {
        while (_slices.TryPeek(out var oldest) && oldest.Until <= now - length)
        {
            _slices.Dequeue();
            Latency.Remove(oldest.Slice.Latency);
            Failed -= oldest.Slice.Failed;
            Slow -= oldest.Slice.Slow;
        }

        if (slice.Latency.Count > 0)
        {
            _slices.Enqueue((now, slice));
            Latency.Merge(slice.Latency);
            Failed += slice.Failed;
            Slow += slice.Slow;
        }
        else if (_slices.Count == 0 && Latency.Count == 0)
        {
            Latency = new();
        }
    }
}
