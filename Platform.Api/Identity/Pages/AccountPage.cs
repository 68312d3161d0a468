using Microsoft.AspNetCore.Antiforgery;
using Platform.EntityFrameworkCore.Identity.Users;
using Platform.Identity;

namespace Platform.Api.Identity.Pages;

internal static class AccountPage
{
    public static IResult Overview(HttpContext http, User user) => Page.Render(
        http,
        user.DisplayName ?? user.UserName,
        Markup.Of($"""
            <p>You are signed in as <strong>{user.UserName}</strong>.</p>
            <p>A second factor is {(user.TwoFactorEnabled ? "on" : "off")}.</p>
            <ul>
            {(user.TwoFactorEnabled ? Markup.Empty : Markup.Of($"""<li><a href="{AccountPaths.TwoFactor}">Set up a second factor</a></li>"""))}
            <li><a href="{AccountPaths.Logout}">Sign out</a></li>
            </ul>
            """));

    public static IResult SetUp(HttpContext http, IAntiforgery antiforgery, User user, byte[] key, string? problem = null) => Page.Render(
        http,
        "Set up a second factor",
        Markup.Of($"""
            {Page.Problem(problem)}
            <ol>
            <li>Add an account to your authenticator app: <a href="{Totp.ToUri(key, "Platform", user.UserName)}">open the app on this device</a>, or type this key.
            <p><code class="key">{Grouped(Totp.ToBase32(key))}</code></p></li>
            <li>Type the six digits that the app shows.</li>
            </ol>
            {Page.Form(http, antiforgery, AccountPaths.TwoFactor, Markup.Of($"""
                <label for="code">Code</label>
                <input id="code" name="code" autocomplete="one-time-code" inputmode="numeric" maxlength="20" required>
                <button type="submit">Turn on</button>
                """))}
            """),
        problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest);

    public static IResult RecoveryCodes(HttpContext http, IReadOnlyList<string> codes) => Page.Render(
        http,
        "The second factor is on",
        Markup.Of($"""
            <p>Keep these codes where only you find them. Each lets you in once, without the app. They are not shown again.</p>
            <ul class="codes">{Markup.All(codes.Select(code => Markup.Of($"<li><code>{code}</code></li>")))}</ul>
            <p><a href="{AccountPaths.Root}">Done</a></p>
            """));

    private static string Grouped(string key) => string.Join(' ', key.Chunk(4).Select(group => new string(group)));
}
