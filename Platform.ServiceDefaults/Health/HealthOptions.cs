using System.ComponentModel.DataAnnotations;

namespace Platform.ServiceDefaults.Health;

/// <summary>How health checks are asked. Section <c>Platform:Health</c>.</summary>
public sealed class HealthOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Platform:Health";

    /// <summary>How long a required check may take; past it the check has failed. A registration's own timeout goes before it.</summary>
    /// <value>Default 3 s, 10 ms to 1 min. Less than the timeout of the probes.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How long a check that only degrades may take. Shorter than that of the others: Kubernetes gives a probe one second by default, and a
    /// host must not be taken out because something that it can do without hangs.
    /// </summary>
    /// <value>Default 500 ms, 10 ms to 1 min.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan OptionalTimeout { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long an answer of a check is given again without asking. However many probe, a dependency is asked this often.</summary>
    /// <value>Default 1 s, 0 to 1 min.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan CacheFor { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Names of checks that only degrade, besides those tagged so: for checks that someone else registers.</summary>
    /// <value>Default <c>StackExchange.Redis</c>. Names from the configuration are added to it.</value>
    [Required]
    public IList<string> Optional { get; } = ["StackExchange.Redis"];
}
