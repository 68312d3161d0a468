using System.ComponentModel.DataAnnotations;

namespace Platform.ServiceDefaults.Resilience;

/// <summary>What every HTTP client of the host does about a server that fails or hangs. Section <c>Platform:Resilience:Http</c>.</summary>
/// <remarks>A breaker and a concurrency limit count by destination (scheme, host and port).</remarks>
public sealed class ResilienceOptions : IValidatableObject
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Platform:Resilience:Http";

    /// <summary>How long one try may take.</summary>
    /// <value>Default 10 s, 10 ms to 5 min.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:05:00")]
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long all tries and the waits between them may take.</summary>
    /// <value>Default 30 s, 10 ms to 30 min, more than <see cref="AttemptTimeout"/>.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:30:00")]
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a request that may be repeated is, after the first try.</summary>
    /// <value>Default 3, 0 (never) to 10.</value>
    [Range(0, 10)]
    public int MaxRetries { get; set; } = 3;

    /// <summary>
    /// How many requests of all to a destination may be repeated, so that an outage does not multiply what it gets: 0.2 lets one of five be. Ten
    /// repetitions are always there after a quiet time.
    /// </summary>
    /// <value>Default 0.2, 0 to 1.</value>
    [Range(0.0, 1.0)]
    public double RetryRatio { get; set; } = 0.2;

    /// <summary>The wait before the first repetition; it doubles each time, with jitter. <c>Retry-After</c> goes before it.</summary>
    /// <value>Default 200 ms, 1 ms to 1 min.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The share of failures at which the breaker opens.</summary>
    /// <value>Default 0.5, 0.01 to 1.</value>
    [Range(0.01, 1.0)]
    public double BreakerFailureRatio { get; set; } = 0.5;

    /// <summary>Below so many requests within <see cref="BreakerWindow"/> the breaker does not judge.</summary>
    /// <value>Default 20, 2 to 100,000.</value>
    [Range(2, 100_000)]
    public int BreakerMinimumThroughput { get; set; } = 20;

    /// <summary>The time over which failures are counted.</summary>
    /// <value>Default 30 s, 500 ms to 10 min, at least twice <see cref="AttemptTimeout"/>.</value>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:10:00")]
    public TimeSpan BreakerWindow { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an open breaker refuses before it lets one request try.</summary>
    /// <value>Default 5 s, 500 ms to 10 min.</value>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:10:00")]
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many requests may be under way to one destination; more are refused at once.</summary>
    /// <value>Default 500, 1 to 100,000.</value>
    [Range(1, 100_000)]
    public int MaxConcurrency { get; set; } = 500;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (TotalTimeout <= AttemptTimeout)
        {
            yield return new("TotalTimeout must be more than AttemptTimeout.", [nameof(TotalTimeout)]);
        }

        if (BreakerWindow < AttemptTimeout * 2)
        {
            yield return new("BreakerWindow must be at least twice AttemptTimeout.", [nameof(BreakerWindow)]);
        }
    }
}
