using System.ComponentModel.DataAnnotations;

namespace Platform.ServiceDefaults.FeatureFlags.Callers;

/// <summary>How a request becomes the caller that flags are asked for. Section <c>Platform:FeatureFlags:Callers</c>.</summary>
public sealed class FlagCallerOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Platform:FeatureFlags:Callers";

    /// <summary>The claim with the user's stable id.</summary>
    /// <value><c>sub</c> by default.</value>
    [Required]
    public string UserIdClaim { get; set; } = "sub";

    /// <summary>The claim with the name that the user signs in with.</summary>
    /// <value><c>preferred_username</c> by default.</value>
    [Required]
    public string UserNameClaim { get; set; } = "preferred_username";

    /// <summary>The claim of groups, one claim a group.</summary>
    /// <value><c>groups</c> by default.</value>
    [Required]
    public string GroupClaim { get; set; } = "groups";

    /// <summary>The claim of roles, one claim a role.</summary>
    /// <value><c>role</c> by default.</value>
    [Required]
    public string RoleClaim { get; set; } = "role";

    /// <summary>Who has this role is staff.</summary>
    /// <value><c>staff</c> by default.</value>
    [Required]
    public string StaffRole { get; set; } = "staff";

    /// <summary>Who has this role is a superuser.</summary>
    /// <value><c>superuser</c> by default.</value>
    [Required]
    public string SuperuserRole { get; set; } = "superuser";

    /// <summary>Who has this role, or the scope <c>operate</c>, may turn flags with <c>testing</c> for himself, by <c>?dwft_name=1</c>.</summary>
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
