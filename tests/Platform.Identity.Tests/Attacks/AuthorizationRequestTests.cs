using System.Net;
using Platform.Identity.Tests.Support;

namespace Platform.Identity.Tests.Attacks;

/// <summary>Authorization requests that somebody made wrong on purpose.</summary>
[Collection(nameof(SharedHost))]
public sealed class AuthorizationRequestTests(IdentityHost host)
{
    [Theory]
    [InlineData(null, null)]
    [InlineData("plain-challenge-plain-challenge-plain-challenge", "plain")]
    [InlineData("plain-challenge-plain-challenge-plain-challenge", null)]
    public async Task Pkce_downgrade_is_refused(string? challenge, string? method)
    {
        using var browser = host.Browser();
        await browser.SignInAsync("operator", "operator-password");
        var flow = host.Flow with { Changes = new() { ["code_challenge"] = challenge, ["code_challenge_method"] = method } };
        var answer = await browser.GetAsync(flow.Url());
        Assert.Null(answer.Parameter("code"));
        Assert.Contains("invalid_request", $"{answer.Location}{answer.Body}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Code_without_its_verifier_or_with_another_is_worth_nothing()
    {
        var flow = host.Flow;
        var (without, _) = await flow.RedeemAsync(await flow.CodeAsync(), ("code_verifier", null));
        Assert.Equal(HttpStatusCode.BadRequest, without);
        var (another, body) = await flow.RedeemAsync(await flow.CodeAsync(), ("code_verifier", new string('a', 43)));
        Assert.Equal(HttpStatusCode.BadRequest, another);
        Assert.Equal("invalid_grant", body["error"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("https://evil.example/callback")]
    [InlineData("http://127.0.0.1.evil.example/callback")]
    [InlineData("http://127.0.0.1@evil.example/callback")]
    [InlineData("http://127.0.0.1:49152/callback/../evil")]
    [InlineData("http://127.0.0.1:49152/callback?more=1")]
    [InlineData("http://127.0.0.1:49152/callback/")]
    [InlineData("http://127.0.0.1:49152/CALLBACK")]
    [InlineData("http://127.0.0.1:49152/callback#fragment")]
    [InlineData("https://127.0.0.1:49152/callback")]
    [InlineData("javascript:alert(1)")]
    [InlineData("//evil.example/callback")]
    [InlineData("/callback")]
    public async Task Redirect_variation_is_never_redirected_to(string redirect)
    {
        using var browser = host.Browser();
        await browser.SignInAsync("operator", "operator-password");
        var answer = await browser.GetAsync((host.Flow with { RedirectUri = redirect }).Url());
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Null(answer.Location);
        Assert.Null(answer.Refresh);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("/connect/authorize\\..\\evil")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/connect/authorize?a\r\nSet-Cookie: x=y")]
    public async Task Login_leads_to_no_other_site(string goOn)
    {
        using var browser = host.Browser();
        Assert.Equal("/account", (await browser.SignInAsync("operator", "operator-password", goOn)).Refresh);
    }

    [Fact]
    public async Task Implicit_and_password_grants_are_not_there()
    {
        using var browser = host.Browser();
        await browser.SignInAsync("operator", "operator-password");
        var answer = await browser.GetAsync((host.Flow with { Changes = new() { ["response_type"] = "token" } }).Url());
        Assert.DoesNotContain("access_token", answer.Location ?? "", StringComparison.Ordinal);
        var (status, body) = await host.Flow.PostAsync(
            "/connect/token", [("grant_type", "password"), ("client_id", "demo-app"), ("username", "operator"), ("password", "operator-password")]);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("unsupported_grant_type", body["error"]!.GetValue<string>());
    }

    [Fact]
    public async Task Silent_request_without_a_session_is_told_to_sign_in()
    {
        using var browser = host.Browser();
        var answer = await browser.GetAsync((host.Flow with { Changes = new() { ["prompt"] = "none" } }).Url());
        Assert.Equal("login_required", answer.Parameter("error"));
    }

    [Fact]
    public async Task Prompt_login_asks_again_once()
    {
        using var browser = host.Browser();
        await browser.SignInAsync("operator", "operator-password");
        var url = (host.Flow with { Changes = new() { ["prompt"] = "login" } }).Url();
        var asked = await browser.GetAsync(url);
        Assert.StartsWith("/account/login", asked.Location, StringComparison.Ordinal);
        var again = await browser.SubmitAsync(await browser.GetAsync(asked.Location!), ("name", "operator"), ("password", "operator-password"));
        Assert.NotNull((await browser.GetAsync(again.Refresh!)).Parameter("code"));
    }
}
