using System.ComponentModel.DataAnnotations;

namespace Platform.RateLimiting;

/// <summary>How many requests are allowed within a time.</summary>
public sealed class RateLimit
{
    /// <summary>Requests; as many may come at once.</summary>
    /// <value>1 to 1,000,000,000.</value>
    [Range(1, 1_000_000_000)]
    public int Limit { get; set; }

    /// <summary>The time after which all of them are allowed again.</summary>
    /// <value>1 minute by default; 1 second to 1 day.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(1);
}

/// <summary>What became of a request under a limit.</summary>
/// <param name="Allowed">Whether it passes.</param>
/// <param name="Remaining">How many more would pass right now.</param>
/// <param name="Reset">How long until all are allowed again, when no more come.</param>
/// <param name="RetryAfter">How long until the next one of the same size passes; zero when it would now.</param>
public readonly record struct RateDecision(bool Allowed, long Remaining, TimeSpan Reset, TimeSpan RetryAfter);

/// <summary>
/// The generic cell rate algorithm (ITU-T I.371): one number a caller, the time at which its requests so far are paid off. No burst at the edge
/// of a window is twice the limit, as with counters that start anew.
/// </summary>
public static class CellRate
{
    /// <summary>Decides on one request.</summary>
    /// <param name="limit">The limit.</param>
    /// <param name="paidOffAt">When what came before is paid off, in microseconds; 0 when nothing came.</param>
    /// <param name="now">The present, in microseconds.</param>
    /// <param name="next">When everything is paid off after this request: the same as before when it does not pass.</param>
    /// <param name="quantity">How much of the limit it takes; 1 by default.</param>
    public static bool TryPass(RateLimit limit, double paidOffAt, double now, out double next, long quantity = 1)
    {
        ArgumentNullException.ThrowIfNull(limit);
        var window = limit.Window.TotalMicroseconds;
        var from = Math.Max(paidOffAt, now);
        next = from + (window / limit.Limit * quantity);

        // Half a microsecond for the rounding of many additions.
        if (next - now <= window + 0.5)
        {
            return true;
        }

        next = from;
        return false;
    }

    /// <summary>Says what is left.</summary>
    /// <param name="limit">The limit.</param>
    /// <param name="allowed">Whether the request passed.</param>
    /// <param name="debt">How long until everything is paid off, in microseconds.</param>
    /// <param name="quantity">How much of the limit it took or asked for; 1 by default.</param>
    public static RateDecision Explain(RateLimit limit, bool allowed, double debt, long quantity = 1)
    {
        ArgumentNullException.ThrowIfNull(limit);
        var window = limit.Window.TotalMicroseconds;
        var cost = window / limit.Limit;
        var remaining = (long)Math.Max(0, Math.Floor((window - debt + 0.5) / cost));
        var wait = Math.Max(0, debt + (cost * quantity) - window);
        return new RateDecision(allowed, remaining, TimeSpan.FromMicroseconds(debt), remaining >= quantity ? TimeSpan.Zero : TimeSpan.FromMicroseconds(wait));
    }
}
