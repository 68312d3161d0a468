using Microsoft.AspNetCore.Antiforgery;

namespace Platform.Api.Identity.Pages;

internal static class LoginPage
{
    public static IResult Password(HttpContext http, IAntiforgery antiforgery, string goOn, string? name = null, string? problem = null) => Page.Render(
        http,
        "Sign in",
        Markup.Of($"""
            {Page.Problem(problem)}
            {Page.Form(http, antiforgery, AccountPaths.Login, Markup.Of($"""
                {Page.Hidden(AccountPaths.Return, goOn)}
                <label for="name">Name</label>
                <input id="name" name="name" value="{name}" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="100" required{Focus(name is null)}{Described(problem)}>
                <label for="password">Password</label>
                <input id="password" name="password" type="password" autocomplete="current-password" maxlength="256" required{Focus(name is not null)}{Described(problem)}>
                <button type="submit">Sign in</button>
                """))}
            """),
        problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest);

    public static IResult SecondFactor(HttpContext http, IAntiforgery antiforgery, string goOn, string? problem = null) => Page.Render(
        http,
        "Confirm that it is you",
        Markup.Of($"""
            {Page.Problem(problem)}
            {Page.Form(http, antiforgery, AccountPaths.SecondFactor, Markup.Of($"""
                {Page.Hidden(AccountPaths.Return, goOn)}
                <label for="code">Code</label>
                <p class="hint" id="hint">The six digits that your authenticator app shows now, or one of your recovery codes.</p>
                <input id="code" name="code" autocomplete="one-time-code" inputmode="text" autocapitalize="characters" spellcheck="false" maxlength="20" required autofocus aria-describedby="hint">
                <button type="submit">Confirm</button>
                """))}
            <p><a href="{AccountPaths.Login}{QueryString.Create(AccountPaths.Return, goOn).ToString()}">Start again</a></p>
            """),
        problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest);

    private static Markup Focus(bool here) => here ? new(" autofocus") : Markup.Empty;

    private static Markup Described(string? problem) => problem is null ? Markup.Empty : new(" aria-describedby=\"problem\" aria-invalid=\"true\"");
}
