using System.ComponentModel.DataAnnotations;

namespace Platform.ServiceDefaults.FeatureFlags.Callers;

/// <summary>How a request becomes the caller that flags are asked for. Section <c>Platform:FeatureFlags:Callers</c>.</summary>
public sealed class FlagCallerOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Platform:FeatureFlags:Callers";

    /// <summary>Who has this role, or may do what <c>operate</c> guards, may turn flags with <c>testing</c> for himself, by <c>?dwft_name=1</c>.</summary>
    /// <value><c>tester</c> by default.</value>
    [Required]
    public string TesterRole { get; set; } = "tester";

    /// <summary>The cookie that keeps the id of a visitor who has not signed in.</summary>
    /// <value><c>platform_visitor</c> by default.</value>
    [Required]
    [RegularExpression("^[A-Za-z0-9_-]+$")]
    public string VisitorCookie { get; set; } = "platform_visitor";

    /// <summary>How long that cookie lasts.</summary>
    /// <value>400 days by default, which is the longest that browsers keep one (RFC 6265bis, section 5.5); 1 hour to 400 days.</value>
    [Range(typeof(TimeSpan), "01:00:00", "400.00:00:00")]
    public TimeSpan VisitorLifetime { get; set; } = TimeSpan.FromDays(400);

    /// <summary>Sends the cookie over HTTPS only.</summary>
    /// <value>On by default.</value>
    public bool SecureCookie { get; set; } = true;
}
