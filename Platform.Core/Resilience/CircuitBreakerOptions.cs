using System.ComponentModel.DataAnnotations;

namespace Platform.Resilience;

/// <summary>
/// When a breaker opens and for how long. Section <c>Platform:Resilience:Breakers:{name}</c>; what is not set there comes from
/// <c>Platform:Resilience:Breakers:default</c>. A change of the configuration holds at once.
/// </summary>
public sealed record CircuitBreakerOptions
{
    /// <summary>The configuration section of all breakers.</summary>
    public const string SectionName = "Platform:Resilience:Breakers";

    /// <summary>So many failures in a row open it.</summary>
    /// <value>Default 5, 0 (never by this rule) to 10,000.</value>
    [Range(0, 10_000)]
    public int ConsecutiveFailures { get; set; } = 5;

    /// <summary>The share of failures within <see cref="Window"/> that opens it.</summary>
    /// <value>Default 0.5, 0 (never by this rule) to 1.</value>
    [Range(0.0, 1.0)]
    public double FailureRatio { get; set; } = 0.5;

    /// <summary>Below so many calls within <see cref="Window"/> the share says nothing.</summary>
    /// <value>Default 20, 2 to 1,000,000.</value>
    [Range(2, 1_000_000)]
    public int MinimumThroughput { get; set; } = 20;

    /// <summary>The time over which the share is reckoned.</summary>
    /// <value>Default 30 s, 1 s to 10 min.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Window { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long it stays open before one call may try. It doubles with each try that fails, up to <see cref="MaxBreakDuration"/>.</summary>
    /// <value>Default 5 s, 10 ms to 10 min.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest that it stays open without a try.</summary>
    /// <value>Default 1 min, 10 ms to 1 h.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan MaxBreakDuration { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a call may take; past it the call is cancelled, and that is a failure. It is the deadline of what is called, too.</summary>
    /// <value>Default 30 s, 10 ms to 1 h.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How many calls may be under way at once in this process; more are refused, so that one slow dependency does not hold everything up.</summary>
    /// <value>Default 100, 1 to 100,000.</value>
    [Range(1, 100_000)]
    public int MaxConcurrency { get; set; } = 100;

    /// <summary>Says what is wrong with them, or nothing.</summary>
    public string? Problem()
    {
        var problems = new List<ValidationResult>();
        Validator.TryValidateObject(this, new ValidationContext(this), problems, validateAllProperties: true);
        return problems.Count > 0 ? problems[0].ErrorMessage
            : MaxBreakDuration < BreakDuration ? "MaxBreakDuration must not be less than BreakDuration."
            : null;
    }
}
