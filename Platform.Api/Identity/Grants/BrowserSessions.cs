using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Platform.EntityFrameworkCore.Identity.Users;

namespace Platform.Api.Identity.Grants;

/// <summary>Begins, reads and ends the sessions of browsers.</summary>
internal sealed class BrowserSessions(UserAccounts users, TimeProvider time)
{
    /// <summary>Tells one request from another, for <see cref="SignInSession.For"/>.</summary>
    public static string Mark(string request) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(request)));

    /// <summary>Who is signed in, if the user may still be.</summary>
    public async Task<(User User, SignInSession Session)?> FindAsync(HttpContext context, string scheme = SignInSession.Scheme)
    {
        // The cookie's own events have looked at user and stamp where it is the session; the pending one is looked at here.
        var result = await context.AuthenticateAsync(scheme);
        return SignInSession.From(result.Principal) is { } session && await CheckAsync(session) is { } user ? (user, session) : null;
    }

    /// <summary>The user was let in, with these methods.</summary>
    public async Task BeginAsync(HttpContext context, User user, string request, params string[] methods)
    {
        await context.SignOutAsync(SignInSession.PendingScheme);
        var session = SignInSession.Of(user, time.GetUtcNow(), Mark(request), [.. methods]);
        await context.SignInAsync(SignInSession.Scheme, session.ToPrincipal(SignInSession.Scheme));
    }

    /// <summary>The password was right, and the second factor is to follow.</summary>
    public Task BeginSecondFactorAsync(HttpContext context, User user, string request) => context.SignInAsync(
        SignInSession.PendingScheme,
        SignInSession.Of(user, time.GetUtcNow(), Mark(request), "pwd").ToPrincipal(SignInSession.PendingScheme));

    /// <summary>Nobody is signed in any more.</summary>
    public static async Task EndAsync(HttpContext context)
    {
        await context.SignOutAsync(SignInSession.PendingScheme);
        await context.SignOutAsync(SignInSession.Scheme);
    }

    private async Task<User?> CheckAsync(SignInSession session) =>
        await users.FindAsync(session.UserId) is { IsDisabled: false } user && user.SecurityStamp == session.Stamp ? user : null;
}
