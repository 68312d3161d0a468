using System.Runtime.CompilerServices;

namespace Platform.Budgets;

/// <summary>
/// Takes values from any number of threads at once, without a lock and without allocation. It only ever counts up; who wants to know what
/// came since last time takes the difference, so that no value is lost between two readings.
/// </summary>
/// <remarks>About 9 KB. Values are milliseconds from 0.001 to an hour; what lies outside counts as the nearest of these.</remarks>
public sealed class SketchRecorder
{
    // They wrap around; a difference of two readings is right as long as fewer than 2^32 values came in between.
    private readonly uint[] _counts = new uint[SketchBins.Count];
    private readonly uint[] _taken = new uint[SketchBins.Count];

    /// <summary>Counts a value. Thread safe.</summary>
    /// <param name="value">In milliseconds.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(double value) => Interlocked.Increment(ref _counts[SketchBins.Of(value)]);

    /// <summary>Gives what came since the last call. For one thread at a time; <see cref="Add"/> goes on meanwhile.</summary>
    public QuantileSketch Take() => Read(take: true);

    /// <summary>Shows what came since the last <see cref="Take"/>, and leaves it there. Not while another thread takes.</summary>
    public QuantileSketch Peek() => Read(take: false);

    private QuantileSketch Read(bool take)
    {
        var (first, last) = (-1, -1);
        for (var bin = 0; bin < _counts.Length; bin++)
        {
            if (Volatile.Read(ref _counts[bin]) != _taken[bin])
            {
                first = first < 0 ? bin : first;
                last = bin;
            }
        }

        if (first < 0)
        {
            return new QuantileSketch();
        }

        var counts = new long[last - first + 1];
        for (var bin = first; bin <= last; bin++)
        {
            var now = Volatile.Read(ref _counts[bin]);
            counts[bin - first] = unchecked(now - _taken[bin]);
            if (take)
            {
                _taken[bin] = now;
            }
        }

        return new QuantileSketch(first, counts);
    }
}
