using System.ComponentModel.DataAnnotations;

namespace Platform.ServiceDefaults.Identity;

/// <summary>Whose tokens a host accepts.</summary>
public sealed class IdentityOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Platform:Identity";

    /// <summary>
    /// The issuer, as it stands in the tokens (<c>iss</c>): the public address of Platform.Api, or of another OpenID Connect provider.
    /// </summary>
    /// <value>Required; an absolute URL without query and fragment.</value>
    [Required]
    public Uri? Issuer { get; set; }

    /// <summary>The audience that a token has to name (<c>aud</c>).</summary>
    /// <value><c>platform</c> by default.</value>
    [Required]
    public string Audience { get; set; } = "platform";

    /// <summary>Where the issuer's metadata is, if not below <see cref="Issuer"/>: for hosts that reach it by another address.</summary>
    /// <value><c>{Issuer}/.well-known/openid-configuration</c> by default.</value>
    public Uri? MetadataAddress { get; set; }

    /// <summary>Whether metadata, and tokens from Platform.Api, are served over TLS only.</summary>
    /// <value>By default false in Development and true everywhere else. Set it to false behind a proxy that ends TLS.</value>
    public bool? RequireHttps { get; set; }

    /// <summary>How far the clocks of issuer and host may differ.</summary>
    /// <value>30 seconds by default; 0 to 5 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(30);
}
