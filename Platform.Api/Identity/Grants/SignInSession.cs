using System.Collections.Immutable;
using System.Globalization;
using System.Security.Claims;
using Platform.EntityFrameworkCore.Identity.Users;

namespace Platform.Api.Identity.Grants;

/// <summary>A browser in which a user has signed in: what the cookie says.</summary>
/// <param name="UserId">The user.</param>
/// <param name="Stamp">The user's security stamp of then; the session ends when the user has another.</param>
/// <param name="AuthenticatedAt">When the user signed in.</param>
/// <param name="Methods">How (RFC 8176): <c>pwd</c>, and <c>otp</c> and <c>mfa</c> with a second factor.</param>
/// <param name="For">Which request the user signed in for, hashed: it is not asked again for that one.</param>
internal sealed record SignInSession(string UserId, string Stamp, DateTimeOffset AuthenticatedAt, ImmutableArray<string> Methods, string For)
{
    /// <summary>The cookie, and the authentication scheme that reads it.</summary>
    public const string Scheme = "session";

    /// <summary>The cookie between the password and the second factor.</summary>
    public const string PendingScheme = "session-pending";

    public static SignInSession Of(User user, DateTimeOffset now, string forRequest, params ImmutableArray<string> methods) =>
        new(user.Id.ToString("D"), user.SecurityStamp, now, methods, forRequest);

    public ClaimsPrincipal ToPrincipal(string scheme) => new(new ClaimsIdentity(
        [
            new("sub", UserId),
            new("stamp", Stamp),
            new("auth_time", AuthenticatedAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
            new("for", For),
            .. Methods.Select(method => new Claim("amr", method)),
        ],
        scheme));

    public static SignInSession? From(ClaimsPrincipal? principal) =>
        principal?.Identity is { IsAuthenticated: true } && principal.FindFirst("sub")?.Value is { } user
            ? new(
                user,
                principal.FindFirst("stamp")?.Value ?? "",
                DateTimeOffset.FromUnixTimeSeconds(long.Parse(principal.FindFirst("auth_time")!.Value, CultureInfo.InvariantCulture)),
                [.. principal.FindAll("amr").Select(claim => claim.Value)],
                principal.FindFirst("for")?.Value ?? "")
            : null;
}
