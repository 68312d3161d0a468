using System.Diagnostics;

namespace Platform.Benchmarks.Outbox.Contract;

/// <summary>What handlers saw of one run. Thread safe.</summary>
/// <param name="capacity">How many events the run has.</param>
public sealed class HandledLog(int capacity)
{
    private readonly long[] _started = new long[capacity];
    private readonly int[] _lastStep = [.. Enumerable.Repeat(-1, ParcelMoved.Parcels)];
    private int _distinct;
    private int _calls;
    private int _outOfOrder;

    /// <summary>A process whose run has no events only sends.</summary>
    public bool SendsOnly => _started.Length == 0;

    /// <summary>Events that a handler has seen at least once.</summary>
    public int Distinct => Volatile.Read(ref _distinct);

    /// <summary>Calls of the handler, repeats included.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Events whose handler began after that of a later event of the same aggregate.</summary>
    public int OutOfOrder => Volatile.Read(ref _outOfOrder);

    /// <summary>When each event's handler first began, in ticks of <see cref="Stopwatch"/>; 0 where it has not.</summary>
    public IReadOnlyList<long> Started => _started;

    /// <summary>Called by every handler, first.</summary>
    public void Begin(ParcelMoved moved)
    {
        ArgumentNullException.ThrowIfNull(moved);
        Interlocked.Increment(ref _calls);
        if (moved.Number >= _started.Length || Interlocked.CompareExchange(ref _started[moved.Number], Stopwatch.GetTimestamp(), 0) != 0)
        {
            return;
        }

        Interlocked.Increment(ref _distinct);
        ref var last = ref _lastStep[moved.Parcel];
        while (true)
        {
            var seen = Volatile.Read(ref last);
            if (seen > moved.Step)
            {
                Interlocked.Increment(ref _outOfOrder);
                return;
            }

            if (Interlocked.CompareExchange(ref last, moved.Step, seen) == seen)
            {
                return;
            }
        }
    }
}
