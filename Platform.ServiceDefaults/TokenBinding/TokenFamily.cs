using System.Security.Claims;
using Platform.TokenBinding;

namespace Platform.ServiceDefaults.TokenBinding;

/// <summary>What a token is revoked by: what the own server calls the authorization and the token, and what everybody calls the token (RFC 7519, section 4.1.7).</summary>
internal static class TokenFamily
{
    private static readonly string[] Names = ["oi_au_id", "oi_tkn_id", "jti"];

    /// <summary>The id that revokes most of what a caller has: of the authorization where there is one; null where the token has none at all.</summary>
    public static string? Of(ClaimsPrincipal principal)
    {
        ArgumentNullException.ThrowIfNull(principal);
        return Names.Select(name => principal.FindFirst(name)?.Value).FirstOrDefault(id => id is not null);
    }

    /// <summary>Whether the token of a caller was revoked, by any of its ids. Asks no server.</summary>
    public static bool IsRevoked(this IRevocations revocations, ClaimsPrincipal principal)
    {
        ArgumentNullException.ThrowIfNull(revocations);
        ArgumentNullException.ThrowIfNull(principal);
        foreach (var name in Names)
        {
            if (principal.FindFirst(name)?.Value is { } id && revocations.IsRevoked(id))
            {
                return true;
            }
        }

        return false;
    }
}
