using System.Numerics;

namespace Platform.FeatureFlags;

/// <summary>
/// Counts questions without a lock: each processor has a count of its own, on a cache line of its own. A thread that is moved to another processor
/// in the middle of counting may lose one; nothing else does.
/// </summary>
internal sealed class AskCounter
{
    // Two lines: processors fetch the neighbour along.
    private const int Stride = 16;

    // A container may run on more processors than it has a share of.
    private const int LeastCounts = 8;

    private static readonly int Mask = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(Environment.ProcessorCount, LeastCounts)) - 1;

    private long[]? _counts;
    private long _taken;

    public void Add()
    {
        var counts = _counts ?? Create();
        counts[((Thread.GetCurrentProcessorId() & Mask) + 1) * Stride]++;
    }

    /// <summary>How many since the last call. One caller at a time.</summary>
    public long Take()
    {
        if (_counts is not { } counts)
        {
            return 0;
        }

        long sum = 0;
        for (var at = Stride; at < counts.Length; at += Stride)
        {
            sum += Volatile.Read(ref counts[at]);
        }

        var since = sum - _taken;
        _taken = sum;
        return since;
    }

    private long[] Create()
    {
        var made = new long[(Mask + 2) * Stride];
        return Interlocked.CompareExchange(ref _counts, made, null) ?? made;
    }
}
