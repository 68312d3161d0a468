using System.ComponentModel.DataAnnotations;

namespace Platform.FeatureFlags;

/// <summary>Settings of feature flags, section <c>Platform:FeatureFlags</c>.</summary>
public sealed class FeatureFlagOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Platform:FeatureFlags";

    /// <summary>The answer for a flag that nobody defined.</summary>
    /// <value>Off by default.</value>
    public bool FlagDefault { get; set; }

    /// <summary>The answer for a switch that nobody defined.</summary>
    /// <value>Off by default.</value>
    public bool SwitchDefault { get; set; }

    /// <summary>The answer for a sample that nobody defined.</summary>
    /// <value>Off by default.</value>
    public bool SampleDefault { get; set; }

    /// <summary>Lets <c>?name=1</c> turn waffle's flags for everybody who sends it, as waffle's <c>OVERRIDE</c> does.</summary>
    /// <value>Off by default; for test environments.</value>
    public bool WaffleOverride { get; set; }

    /// <summary>The name of the cookie that keeps waffle's dice; <c>%s</c> is the flag.</summary>
    /// <value><c>dwf_%s</c> by default.</value>
    [Required]
    [RegularExpression(".*%s.*")]
    public string CookieFormat { get; set; } = "dwf_%s";

    /// <summary>The name of the query parameter and cookie of testers; the header is the same with <c>-</c> for <c>_</c>.</summary>
    /// <value><c>dwft_%s</c> by default.</value>
    [Required]
    [RegularExpression(".*%s.*")]
    public string TestCookieFormat { get; set; } = "dwft_%s";

    /// <summary>How long the cookie of the dice lasts.</summary>
    /// <value>30 days by default.</value>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan CookieMaxAge { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Sends the cookie of the dice over HTTPS only.</summary>
    /// <value>On by default.</value>
    public bool CookieSecure { get; set; } = true;

    /// <summary>Compares users and groups of Microsoft's flags without case, as <c>TargetingEvaluationOptions.IgnoreCase</c> does.</summary>
    /// <value>Off by default.</value>
    public bool MicrosoftIgnoreCase { get; set; }

    /// <summary>How often a host asks the database for changes while nobody tells it of them.</summary>
    /// <value>2 seconds by default; 50 ms to 1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:00.050", "01:00:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How often it asks all the same while it is told, as a safety net.</summary>
    /// <value>30 seconds by default; 50 ms to 1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:00.050", "01:00:00")]
    public TimeSpan CheckInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a start waits for the database where there is no file of an earlier run.</summary>
    /// <value>3 seconds by default; 0 to 1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>The folder of the file that a host starts from where the database is away: one file a host, written behind each change.</summary>
    /// <value>By default one for this installation below <c>platform/flags</c> in the user's folder for local data; empty writes no file.</value>
    public string? SnapshotFolder { get; set; }

    /// <summary>Of how many evaluations a log event <c>feature_flag.evaluation</c> is written, 0 to 1. Metrics count every one.</summary>
    /// <value>0 by default: none.</value>
    [Range(0.0, 1.0)]
    public double EvaluationLogRatio { get; set; }
}
