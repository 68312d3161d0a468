using Platform.Redaction;

namespace Platform.Identity;

/// <summary>Who asks: a user, a client for itself, or nobody. What flags, limits and the audit trail know a caller by. Immutable.</summary>
public sealed record Caller
{
    /// <summary>Nobody: no token came with the request, or there is no request.</summary>
    public static Caller Anonymous { get; } = new();

    /// <summary>The stable id of the user, or of the client that acts for itself (<c>sub</c>); null for nobody.</summary>
    public string? Subject { get; init; }

    /// <summary>The client that the token was given to (<c>client_id</c>).</summary>
    public string? ClientId { get; init; }

    /// <summary>A name for people to read. Not unique and not stable.</summary>
    [Personal(PiiType.PersonName)]
    public string? Name { get; init; }

    /// <summary>A person signed in, rather than a client acting for itself.</summary>
    public bool IsUser { get; init; }

    /// <summary>The user's roles, see <see cref="RoleNames"/>; none for a client.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>The user's groups, in the order of preference.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>The user belongs to the organisation that runs the platform.</summary>
    public bool IsStaff { get; init; }

    /// <summary>The user has every permission that the token's scopes let through.</summary>
    public bool IsSuperuser { get; init; }

    /// <summary>
    /// What the caller may do, each the name of a policy (<see cref="ApiScopes"/>): for a client the scopes of its token, for a user
    /// those of the scopes that the user's roles allow.
    /// </summary>
    public IReadOnlySet<string> Permissions { get; init; } = System.Collections.Frozen.FrozenSet<string>.Empty;

    /// <summary>Somebody, not <see cref="Anonymous"/>.</summary>
    public bool IsAuthenticated => Subject is not null;

    /// <summary>Whether the caller may do what the policy of this name guards.</summary>
    public bool May(string permission) => Permissions.Contains(permission);

    /// <summary>Who it is, without the name.</summary>
    public override string ToString() => this.ToSafe().ToString();
}
