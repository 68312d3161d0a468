using System.Collections.Concurrent;
using Platform.FeatureFlags.Plans;

namespace Platform.ServiceDefaults.FeatureFlags.Outcomes;

/// <summary>Counts since they were last taken. Thread safe.</summary>
internal sealed class OutcomeCounts
{
    private ConcurrentDictionary<(string Flag, string Endpoint, string Arm), Cell> _cells = new();

    public void Add(string flag, string endpoint, string arm, bool isError, double milliseconds) =>
        _cells.GetOrAdd((flag, endpoint, arm), static _ => new Cell()).Add(isError, LatencyBounds.IndexOf(milliseconds));

    /// <summary>Gives what was counted, and begins anew.</summary>
    public IReadOnlyList<FlagOutcome> Take()
    {
        var taken = Interlocked.Exchange(ref _cells, new());
        return [.. taken.Select(entry => entry.Value.Read(entry.Key))];
    }

    private sealed class Cell
    {
        private readonly long[] _durations = new long[LatencyBounds.Milliseconds.Count + 1];
        private long _errors;

        public void Add(bool isError, int index)
        {
            Interlocked.Increment(ref _durations[index]);
            if (isError)
            {
                Interlocked.Increment(ref _errors);
            }
        }

        public FlagOutcome Read((string Flag, string Endpoint, string Arm) key)
        {
            var durations = (long[])_durations.Clone();
            return new FlagOutcome(key.Flag, key.Endpoint, key.Arm, durations.Sum(), Math.Min(Interlocked.Read(ref _errors), durations.Sum()), durations);
        }
    }
}
