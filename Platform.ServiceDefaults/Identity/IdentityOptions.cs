using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace Platform.ServiceDefaults.Identity;

/// <summary>Whose tokens a host accepts.</summary>
public sealed class IdentityOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Platform:Identity";

    /// <summary>Who issues the tokens.</summary>
    /// <value><see cref="IdentityProvider.Own"/> by default.</value>
    public IdentityProvider Provider { get; set; }

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

    /// <summary>The algorithms that a token may be signed with (RFC 7518, section 3.1). Symmetric ones and <c>none</c> are refused.</summary>
    /// <value>By default RS256, RS384, PS256, ES256 and ES384. What is configured takes their place.</value>
    public IList<string> Algorithms { get; } = [];

    /// <summary>The types (<c>typ</c>) that a token may have.</summary>
    /// <value>By default <c>at+jwt</c> and <c>application/at+jwt</c> (RFC 9068), so that an id token is not taken for one. Many providers write <c>JWT</c>.</value>
    public IList<string> TokenTypes { get; } = [];

    /// <summary>Where tokens say what.</summary>
    [ValidateObjectMembers]
    public ClaimOptions Claims { get; } = new();

    /// <summary>What a role allows: its name to names of policies.</summary>
    /// <value>Empty by default: the roles of <c>RoleNames</c>. A role that stands here replaces the one of that name.</value>
    public Dictionary<string, string[]> RolePermissions { get; } = new(StringComparer.Ordinal);

    /// <summary>The algorithms in force.</summary>
    internal IEnumerable<string> AcceptedAlgorithms => Algorithms.Count > 0
        ? Algorithms
        : [
            SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSsaPssSha256,
            SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384,
        ];

    /// <summary>The types in force.</summary>
    internal IEnumerable<string> AcceptedTypes => TokenTypes.Count > 0 ? TokenTypes : ["at+jwt", "application/at+jwt"];
}
