using Microsoft.AspNetCore.Antiforgery;
using Platform.EntityFrameworkCore.Identity.Users;

namespace Platform.Api.Identity.Pages;

internal static class LogoutPage
{
    public static IResult Ask(HttpContext http, IAntiforgery antiforgery, User user, string goOn) => Page.Render(
        http,
        "Sign out",
        Markup.Of($"""
            <p>You are signed in as <strong>{user.DisplayName ?? user.UserName}</strong>.</p>
            {Page.Form(http, antiforgery, AccountPaths.Logout, Markup.Of($"""
                {Page.Hidden(AccountPaths.Return, goOn)}
                <button type="submit">Sign out</button>
                """))}
            """));

    public static IResult Done(HttpContext http) => Page.Render(
        http, "You are signed out", Markup.Of($"""<p><a href="{AccountPaths.Login}">Sign in</a></p>"""));
}
