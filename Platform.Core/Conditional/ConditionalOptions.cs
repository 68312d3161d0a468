using System.ComponentModel.DataAnnotations;

namespace Platform.Conditional;

/// <summary>How conditional requests are answered. Section <c>Platform:Conditional</c>.</summary>
public sealed class ConditionalOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Platform:Conditional";

    /// <summary>
    /// How old what this process knows of changes may be for a 304 without asking the database: the bound on a 304 that is out of date. 0 asks
    /// the database each time.
    /// </summary>
    /// <value>2 seconds by default; 0 to 1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan MaxStaleness { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How many versions are remembered, about.</summary>
    /// <value>100,000 by default, some 20 MB; 0 to 10,000,000.</value>
    [Range(0, 10_000_000)]
    public int RememberedVersions { get; set; } = 100_000;

    /// <summary>Whether a PUT or PATCH without <c>If-Match</c> or <c>If-Unmodified-Since</c> is refused with 428. DELETE always is.</summary>
    /// <value>False by default.</value>
    public bool RequireForUpdates { get; set; }

    /// <summary>How long the log of changes is kept: the longest that a client of the sync endpoint may be away.</summary>
    /// <value>30 days by default; 1 hour to 10 years.</value>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan ChangeRetention { get; set; } = TimeSpan.FromDays(30);
}
