namespace Platform.Messaging;

/// <summary>
/// Exponential backoff with full jitter: the delay before try n + 1 is drawn evenly from 0 to min(longest, first * 2^(n-1)), so that events
/// that failed together do not come back together.
/// </summary>
internal static class RetrySchedule
{
    /// <summary>Returns a subscription's delay after try number <paramref name="attempt"/> failed.</summary>
    public static TimeSpan DelayAfter(this SubscriptionOptions options, int attempt) =>
        DelayAfter(attempt, options.RetryDelay, options.MaxRetryDelay, Random.Shared.NextDouble());

    /// <summary>Returns the delay after try number <paramref name="attempt"/> (1 for the first) failed.</summary>
    /// <param name="attempt">The try that failed.</param>
    /// <param name="first">The bound after the first try.</param>
    /// <param name="longest">The bound that is never passed.</param>
    /// <param name="random">Evenly from [0, 1).</param>
    public static TimeSpan DelayAfter(int attempt, TimeSpan first, TimeSpan longest, double random)
    {
        var bound = Math.Min(longest.TotalMilliseconds, first.TotalMilliseconds * Math.Pow(2, Math.Clamp(attempt - 1, 0, 40)));
        return TimeSpan.FromMilliseconds(bound * random);
    }
}
