using System.Net;
using Platform.EntityFrameworkCore.Identity.Users;
using Platform.Identity.Tests.Support;

namespace Platform.Identity.Tests.Users;

/// <summary>What ends when a user loses the right, and how one signs out.</summary>
public sealed class SessionEndTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    [Fact]
    public async Task Another_password_ends_sessions_and_refresh_tokens_at_once()
    {
        await AddAsync("leaver");
        using var browser = host.Browser();
        var flow = host.Flow;
        var (_, tokens) = await flow.RedeemAsync(await flow.CodeAsync(browser, "leaver", "correct horse battery"));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/account")).Status);

        await host.WithAsync<UserAccounts, string?>(async users =>
            await users.ResetPasswordAsync((await users.FindByNameAsync("leaver"))!, "another horse battery", TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/account")).Status);
        var (status, _) = await flow.RefreshAsync(tokens["refresh_token"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.BadRequest, status);
        using var api = host.Server.CreateClient();
        api.DefaultRequestHeaders.Authorization = new("Bearer", tokens["access_token"]!.GetValue<string>());
        using var refused = await api.GetAsync("/api/v1/orders?limit=1", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task Disabled_user_cannot_sign_in()
    {
        await AddAsync("gone");
        await host.WithAsync<UserAccounts, string?>(async users =>
            await users.SetDisabledAsync((await users.FindByNameAsync("gone"))!, disabled: true, TestContext.Current.CancellationToken));
        using var browser = host.Browser();
        Assert.Null((await browser.SignInAsync("gone", "correct horse battery")).Refresh);
    }

    [Fact]
    public async Task Link_of_another_site_signs_nobody_out_and_the_users_own_click_does()
    {
        using var browser = host.Browser();
        await browser.SignInAsync("operator", "operator-password");
        var asked = await browser.GetAsync("/connect/logout");
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/account")).Status);
        await browser.SubmitAsync(asked);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/account")).Status);
    }

    [Fact]
    public async Task Client_that_shows_its_id_token_signs_the_user_out_and_gets_the_browser_back()
    {
        using var browser = host.Browser();
        var flow = host.Flow;
        var (_, tokens) = await flow.RedeemAsync(await flow.CodeAsync(browser));
        var answer = await browser.GetAsync(
            $"/connect/logout?client_id=demo-app&id_token_hint={tokens["id_token"]}&post_logout_redirect_uri=http%3A%2F%2F127.0.0.1%3A49152%2F");
        Assert.StartsWith("http://127.0.0.1:49152/", answer.Location, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/account")).Status);
    }

    private Task<string?> AddAsync(string name) =>
        host.WithAsync<UserAccounts, string?>(users => users.AddAsync(new NewUser(name) { Roles = ["customer"] }, "correct horse battery"));
}
