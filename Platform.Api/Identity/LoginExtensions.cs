using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication.Cookies;
using Platform.Api.Identity.Grants;
using Platform.Api.Identity.Pages;
using Platform.EntityFrameworkCore.Identity.Users;
using Platform.ServiceDefaults.Identity;

namespace Platform.Api.Identity;

/// <summary>Lets people sign in with a browser.</summary>
internal static class LoginExtensions
{
    private static readonly TimeSpan SessionLifetime = TimeSpan.FromHours(8);
    private static readonly TimeSpan PendingLifetime = TimeSpan.FromMinutes(5);

    public static IServiceCollection AddLogin(this IServiceCollection services)
    {
        services.AddSharedCookieKeys();
        services.AddSingleton<SessionCookies>();
        services.AddSingleton<TokenOwner>();
        services.AddScoped<BrowserSessions>();
        services.AddScoped<Consents>();
        services.AddAuthentication().AddCookie(SignInSession.Scheme).AddCookie(SignInSession.PendingScheme);
        services.AddOptions<CookieAuthenticationOptions>(SignInSession.Scheme).Configure<SessionCookies>((options, cookies) =>
        {
            options.Cookie = cookies.Builder("platform-session");
            options.ExpireTimeSpan = SessionLifetime;
            options.LoginPath = AccountPaths.Login;
            options.ReturnUrlParameter = AccountPaths.Return;
            options.Events.OnValidatePrincipal = ValidateAsync;
        });
        services.AddOptions<CookieAuthenticationOptions>(SignInSession.PendingScheme).Configure<SessionCookies>((options, cookies) =>
        {
            options.Cookie = cookies.Builder("platform-second-factor");
            options.ExpireTimeSpan = PendingLifetime;
            options.SlidingExpiration = false;
        });

        services.AddAntiforgery();
        services.AddOptions<AntiforgeryOptions>().Configure<SessionCookies>((options, cookies) =>
        {
            options.Cookie = cookies.Builder("platform-form");
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.SuppressXFrameOptionsHeader = true;
        });
        return services;
    }

    // A session ends at once with the user's password, second factor or access, not when the cookie does.
    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var users = context.HttpContext.RequestServices.GetRequiredService<UserAccounts>();
        if (SignInSession.From(context.Principal) is not { } session
            || await users.FindAsync(session.UserId) is not { IsDisabled: false } user
            || user.SecurityStamp != session.Stamp)
        {
            context.RejectPrincipal();
        }
    }
}
