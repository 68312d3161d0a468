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

    private static readonly int Mask = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Min(Environment.ProcessorCount, 64)) - 1;

    private readonly long[] _counts = new long[(Mask + 2) * Stride];
    private long _taken;

    public void Add() => _counts[((Thread.GetCurrentProcessorId() & Mask) + 1) * Stride]++;

    /// <summary>How many since the last call. One caller at a time.</summary>
    public long Take()
    {
        long sum = 0;
        for (var at = Stride; at < _counts.Length; at += Stride)
        {
            sum += Volatile.Read(ref _counts[at]);
        }

        var since = sum - _taken;
        _taken = sum;
        return since;
    }
}
