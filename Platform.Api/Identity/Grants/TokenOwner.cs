using System.Collections.Immutable;
using System.Globalization;
using System.Security.Claims;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using Platform.EntityFrameworkCore.Identity.Users;
using Platform.ServiceDefaults.Identity;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Platform.Api.Identity.Grants;

/// <summary>Says in tokens who the user is, and how they signed in.</summary>
internal sealed class TokenOwner(Callers callers, IOptions<IdentityOptions> identity)
{
    private const string Roles = "roles";
    private const string Groups = "groups";

    // Kept in codes and refresh tokens only: claims without a destination go into neither access nor id tokens.
    private const string StampClaim = "session_stamp";

    // A client without a secret keeps its tokens where scripts and malware find them: short, because revoking does not reach it.
    private static readonly TimeSpan AccessTokenLifetime = TimeSpan.FromMinutes(10);

    private static readonly string[] OpenIdScopes = [Scopes.OpenId, Scopes.Profile, Scopes.Email, Scopes.OfflineAccess];

    /// <summary>The principal of a user who has just signed in.</summary>
    public ClaimsPrincipal Create(User user, SignInSession session, ImmutableArray<string> scopes) =>
        Create(user, scopes, session.AuthenticatedAt, session.Methods);

    /// <summary>The principal for new tokens in place of older ones, from what is known of the user now.</summary>
    /// <returns>Null where the user has lost the right: is disabled, or has changed what sessions end with.</returns>
    public ClaimsPrincipal? Renew(User? user, ClaimsPrincipal earlier)
    {
        if (user is not { IsDisabled: false } || earlier.GetClaim(StampClaim) != user.SecurityStamp)
        {
            return null;
        }

        var signedInAt = DateTimeOffset.FromUnixTimeSeconds(long.Parse(earlier.GetClaim(Claims.AuthenticationTime)!, CultureInfo.InvariantCulture));
        return Create(user, earlier.GetScopes(), signedInAt, earlier.GetClaims(Claims.AuthenticationMethodReference));
    }

    private ClaimsPrincipal Create(User user, ImmutableArray<string> scopes, DateTimeOffset signedInAt, ImmutableArray<string> methods)
    {
        var owner = new ClaimsIdentity("user", Claims.Name, Roles);
        owner.SetClaim(Claims.Subject, user.Id.ToString("D"))
            .SetClaim(Claims.Name, user.DisplayName ?? user.UserName)
            .SetClaim(Claims.PreferredUsername, user.UserName)
            .SetClaim(Claims.Email, user.Email)
            .SetClaims(Roles, [.. user.Roles])
            .SetClaims(Groups, [.. user.Groups])
            .SetClaim(Claims.AuthenticationTime, signedInAt.ToUnixTimeSeconds())
            .SetClaims(Claims.AuthenticationMethodReference, methods)
            .SetClaim(StampClaim, user.SecurityStamp);
        if (user.IsStaff)
        {
            owner.SetClaim(Callers.StaffClaim, true);
        }

        if (user.IsSuperuser)
        {
            owner.SetClaim(Callers.SuperuserClaim, true);
        }

        // What the user may not do is left out (RFC 6749, section 3.3); hosts look at the roles again.
        var asked = scopes.Where(scope => !OpenIdScopes.Contains(scope));
        owner.SetScopes(scopes.Where(OpenIdScopes.Contains).Concat(callers.Permitted(asked, user.Roles, user.IsSuperuser)));
        owner.SetResources(identity.Value.Audience);
        owner.SetDestinations(claim => Destinations(claim, owner));
        var principal = new ClaimsPrincipal(owner);
        principal.SetAccessTokenLifetime(AccessTokenLifetime);
        return principal;
    }

    private static IEnumerable<string> Destinations(Claim claim, ClaimsIdentity owner) => claim.Type switch
    {
        Claims.Name when owner.HasScope(Scopes.Profile) => [OpenIddictConstants.Destinations.AccessToken, OpenIddictConstants.Destinations.IdentityToken],
        Claims.Name => [OpenIddictConstants.Destinations.AccessToken],
        Claims.PreferredUsername when owner.HasScope(Scopes.Profile) => [OpenIddictConstants.Destinations.IdentityToken],
        Claims.Email when owner.HasScope(Scopes.Email) => [OpenIddictConstants.Destinations.IdentityToken],
        Roles or Groups or Callers.StaffClaim or Callers.SuperuserClaim => [OpenIddictConstants.Destinations.AccessToken],
        Claims.AuthenticationTime or Claims.AuthenticationMethodReference =>
            [OpenIddictConstants.Destinations.AccessToken, OpenIddictConstants.Destinations.IdentityToken],
        _ => [],
    };
}
