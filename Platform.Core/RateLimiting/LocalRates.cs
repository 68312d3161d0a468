using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Platform.RateLimiting;

/// <summary>Holds limits within one process. Thread safe; memory is bounded.</summary>
/// <param name="time">The clock.</param>
public sealed class LocalRates(TimeProvider time)
{
    private const int GenerationSize = 50_000;

    private readonly Lock _turn = new();
    private ConcurrentDictionary<string, StrongBox<double>> _young = new(StringComparer.Ordinal);
    private ConcurrentDictionary<string, StrongBox<double>> _old = new(StringComparer.Ordinal);

    /// <summary>Decides on a request that counts for several callers: it passes when it does for all, and else counts for none.</summary>
    /// <param name="keys">The callers.</param>
    /// <param name="limit">The limit of each.</param>
    /// <param name="share">What part of the limit is this process's.</param>
    /// <param name="quantity">How much of the limit the request takes; 1 by default.</param>
    /// <returns>The decision that leaves the least.</returns>
    public RateDecision Take(IReadOnlyList<string> keys, RateLimit limit, int share = 1, long quantity = 1)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(limit);
        var part = Part(limit, share);
        var now = time.GetTimestamp() * (1_000_000.0 / time.TimestampFrequency);
        var boxes = new StrongBox<double>[keys.Count];
        for (var i = 0; i < boxes.Length; i++)
        {
            boxes[i] = Box(keys[i]);
        }

        RateDecision? tightest = null;
        lock (_turn)
        {
            var allowed = true;
            foreach (var box in boxes)
            {
                allowed &= CellRate.TryPass(part, box.Value, now, out _, quantity);
            }

            foreach (var box in boxes)
            {
                if (allowed)
                {
                    CellRate.TryPass(part, box.Value, now, out box.Value, quantity);
                }

                var decision = CellRate.Explain(part, allowed, Math.Max(0, box.Value - now), quantity);
                tightest = tightest is { } other && other.Remaining <= decision.Remaining ? other : decision;
            }
        }

        return tightest ?? new RateDecision(true, part.Limit, TimeSpan.Zero, TimeSpan.Zero);
    }

    /// <summary>Gives back what a request took that turned out to cost nothing.</summary>
    /// <param name="keys">The callers.</param>
    /// <param name="limit">The limit of each.</param>
    /// <param name="share">What part of the limit is this process's.</param>
    /// <param name="quantity">How much of the limit the request took; 1 by default.</param>
    public void GiveBack(IReadOnlyList<string> keys, RateLimit limit, int share = 1, long quantity = 1)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(limit);
        var part = Part(limit, share);
        lock (_turn)
        {
            foreach (var box in keys.Select(Box))
            {
                box.Value -= part.Window.TotalMicroseconds / part.Limit * quantity;
            }
        }
    }

    private static RateLimit Part(RateLimit limit, int share) =>
        share <= 1 ? limit : new RateLimit { Limit = Math.Max(1, limit.Limit / share), Window = limit.Window };

    private StrongBox<double> Box(string key)
    {
        var young = _young;
        if (young.TryGetValue(key, out var box))
        {
            return box;
        }

        box = young.GetOrAdd(key, _old.GetValueOrDefault(key) ?? new StrongBox<double>());
        if (young.Count >= GenerationSize && ReferenceEquals(Interlocked.CompareExchange(ref _young, new(StringComparer.Ordinal), young), young))
        {
            _old = young;
        }

        return box;
    }
}
