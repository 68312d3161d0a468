using System.ComponentModel.DataAnnotations;

namespace Platform.ServiceDefaults.Identity;

/// <summary>
/// Where a token says what: the defaults are those of the own token server and of RFC 9068, section 2.2; another provider may
/// have other names. A name with dots leads into objects (<c>realm_access.roles</c>); a claim of exactly that name goes before.
/// </summary>
public sealed class ClaimOptions
{
    /// <summary>The id of the user or client.</summary>
    /// <value><c>sub</c> by default.</value>
    [Required]
    public string Subject { get; set; } = "sub";

    /// <summary>The client that the token was given to.</summary>
    /// <value><c>client_id</c> by default; <c>azp</c> with many providers.</value>
    [Required]
    public string Client { get; set; } = "client_id";

    /// <summary>A name for people to read.</summary>
    /// <value><c>name</c> by default.</value>
    [Required]
    public string Name { get; set; } = "name";

    /// <summary>The scopes, one text with spaces between them or a list.</summary>
    /// <value><c>scope</c> by default; <c>scp</c> with some providers.</value>
    [Required]
    public string Scope { get; set; } = "scope";

    /// <summary>The roles of the user.</summary>
    /// <value><c>roles</c> by default.</value>
    [Required]
    public string Roles { get; set; } = "roles";

    /// <summary>The groups of the user.</summary>
    /// <value><c>groups</c> by default.</value>
    [Required]
    public string Groups { get; set; } = "groups";

    /// <summary>What the provider calls a role or a group, to the role that it means here: <c>"platform-admins": "operator"</c>.</summary>
    /// <value>Empty by default: roles are called the same. Groups count as roles only where they stand here.</value>
    public Dictionary<string, string> RoleNames { get; } = new(StringComparer.Ordinal);

    /// <summary>Scopes by other names: what the provider calls one, to what it means here.</summary>
    /// <value>Empty by default.</value>
    public Dictionary<string, string> ScopeNames { get; } = new(StringComparer.Ordinal);

    /// <summary>
    /// A claim that only tokens of clients for themselves have, as <c>name=value</c>: <c>idtyp=app</c>. Without it, a token is a
    /// client's when its subject is the client.
    /// </summary>
    /// <value>None by default.</value>
    [RegularExpression("[^=]+=.+")]
    public string? ClientToken { get; set; }
}
