using System.Collections.Concurrent;
using System.Collections.Frozen;
using Platform.FeatureFlags;
using Platform.FeatureFlags.Plans;

namespace Platform.ServiceDefaults.FeatureFlags.Outcomes;

/// <summary>
/// Callers of the stages that plans are at, each once in this process; the store counts one once for all. Only those whom a percentage decided about:
/// of the others nobody knows how many there should be. Thread safe.
/// </summary>
internal sealed class CallerSample(FlagSigning signing)
{
    // More than the store takes of a stage would be in vain.
    private const int Most = 20_000;

    private FrozenDictionary<string, Stage> _stages = FrozenDictionary<string, Stage>.Empty;
    private ConcurrentQueue<FlagCaller> _new = new();

    public void Add(string flag, FlagDecision decision, FlagContext caller, string arm)
    {
        if (decision.Reason != FlagReason.Percent || !Volatile.Read(ref _stages).TryGetValue(flag, out var stage) || stage.Seen.Count >= Most)
        {
            return;
        }

        var id = string.IsNullOrEmpty(caller.UserId) ? $"v {caller.VisitorId}" : $"u {caller.UserId}";
        var number = signing.NumberCaller(flag, id);
        if (stage.Seen.TryAdd(number, true))
        {
            Volatile.Read(ref _new).Enqueue(new FlagCaller(flag, stage.Since, number, arm));
        }
    }

    /// <summary>Gives those who came since the last call.</summary>
    public IReadOnlyList<FlagCaller> Take() => [.. Interlocked.Exchange(ref _new, new())];

    /// <summary>Goes on with these flags, where this process has the stage's percentage already.</summary>
    public void Watch(IEnumerable<WatchedFlag> watched, FlagSnapshot snapshot)
    {
        var before = Volatile.Read(ref _stages);
        var next = watched
            .Where(flag => flag.Sampling is { } sampling && snapshot.Document.Flags.Any(known => known.Name == flag.Flag && known.Percent == sampling.Percent))
            .ToFrozenDictionary(
                flag => flag.Flag,
                flag => before.TryGetValue(flag.Flag, out var stage) && stage.Since == flag.Sampling!.Since ? stage : new Stage(flag.Sampling!.Since),
                StringComparer.Ordinal);
        Volatile.Write(ref _stages, next);
    }

    private sealed record Stage(DateTimeOffset Since)
    {
        public ConcurrentDictionary<long, bool> Seen { get; } = new();
    }
}
