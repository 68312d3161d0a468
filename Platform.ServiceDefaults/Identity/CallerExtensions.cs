using System.Security.Claims;

namespace Platform.ServiceDefaults.Identity;

/// <summary>Who calls.</summary>
public static class CallerExtensions
{
    private const int MaxLength = 200;

    /// <summary>
    /// The id of the caller for records: the token's subject (RFC 9068, section 2.2), else its client. Null for one without a token, or whose
    /// id is no text of 1 to 200 characters without control characters.
    /// </summary>
    public static string? CallerId(this ClaimsPrincipal user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return user.Identity is { IsAuthenticated: true }
            && (user.FindFirst("sub") ?? user.FindFirst("client_id"))?.Value is { Length: > 0 and <= MaxLength } id
            && !id.Any(char.IsControl)
                ? id
                : null;
    }
}
