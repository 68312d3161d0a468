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
}
