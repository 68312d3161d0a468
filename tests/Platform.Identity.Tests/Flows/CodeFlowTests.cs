using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using Platform.Identity.Tests.Support;

namespace Platform.Identity.Tests.Flows;

/// <summary>Authorization code with PKCE (RFC 6749, section 4.1; RFC 7636), from the login page to the API.</summary>
[Collection(nameof(SharedHost))]
public sealed class CodeFlowTests(IdentityHost host)
{
    [Fact]
    public async Task User_signs_in_without_script_and_the_token_says_who_it_is()
    {
        var tokens = await host.Flow.TokensAsync("customer");
        Assert.Equal("Bearer", tokens["token_type"]!.GetValue<string>());
        Assert.InRange(tokens["expires_in"]!.GetValue<int>(), 590, 600);

        var access = new JsonWebToken(tokens["access_token"]!.GetValue<string>());
        Assert.Equal("Carla Customer", access.GetClaim("name").Value);
        Assert.Equal(["customer"], Values(access, "roles"));
        Assert.Equal(["early-adopters", "gold"], Values(access, "groups"));
        Assert.Equal("demo-app", access.GetClaim("client_id").Value);
        Assert.Equal(["pwd"], Values(access, "amr"));
        Assert.DoesNotContain(access.Claims, claim => claim.Type is "is_staff" or "is_superuser" or "session_stamp" or "email");

        var id = new JsonWebToken(tokens["id_token"]!.GetValue<string>());
        Assert.Equal("the-nonce", id.GetClaim("nonce").Value);
        Assert.Equal("customer", id.GetClaim("preferred_username").Value);
        Assert.Equal(access.Subject, id.Subject);
    }

    [Fact]
    public async Task Scopes_that_the_users_roles_do_not_allow_are_left_out()
    {
        var customer = await host.Flow.TokensAsync("customer");
        Assert.DoesNotContain("operate", customer["scope"]!.GetValue<string>(), StringComparison.Ordinal);
        var superuser = await host.Flow.TokensAsync();
        Assert.Contains("operate", superuser["scope"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_of_a_user_opens_the_api_as_far_as_the_roles_go()
    {
        var flow = host.Flow with { Scope = "openid catalog.read catalog.write orders.read" };
        Assert.Equal(HttpStatusCode.OK, await GetAsync(await flow.TokensAsync("customer"), "/api/v1/orders?limit=1"));
        Assert.Equal(HttpStatusCode.Forbidden, await PostProductAsync(await flow.TokensAsync("customer")));
        Assert.Equal(HttpStatusCode.BadRequest, await PostProductAsync(await flow.TokensAsync("staff")));
    }

    [Fact]
    public async Task Refresh_token_gives_new_tokens_and_a_new_refresh_token()
    {
        var flow = host.Flow;
        var first = await flow.TokensAsync();
        var (status, second) = await flow.RefreshAsync(Refresh(first));
        Assert.True(status is HttpStatusCode.OK, second.ToJsonString());
        Assert.NotEqual(Refresh(first), Refresh(second));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(second, "/api/v1/orders?limit=1"));
    }

    [Fact]
    public async Task Pushed_request_leads_through_the_login_to_a_code()
    {
        var flow = host.Flow;
        var (status, pushed) = await flow.PostAsync("/connect/par", [.. flow.Parameters().Select(p => (p.Key, p.Value))]);
        Assert.True(status is HttpStatusCode.Created or HttpStatusCode.OK, pushed.ToJsonString());
        var url = QueryHelpers.AddQueryString("/connect/authorize", new Dictionary<string, string?>
        {
            ["client_id"] = flow.ClientId,
            ["request_uri"] = pushed["request_uri"]!.GetValue<string>(),
        });

        using var browser = host.Browser();
        var signedIn = await browser.SignInAsync("operator", "operator-password", url);
        var answer = await browser.GetAsync(signedIn.Refresh!);
        Assert.Equal("the-state", answer.Parameter("state"));
        var (redeemed, tokens) = await flow.RedeemAsync(answer.Parameter("code")!);
        Assert.True(redeemed is HttpStatusCode.OK, tokens.ToJsonString());
    }

    [Fact]
    public async Task Revoked_refresh_token_gives_no_tokens_and_is_inactive()
    {
        var flow = host.Flow;
        var tokens = await flow.TokensAsync();
        var (revoked, _) = await flow.PostAsync("/connect/revoke", [("client_id", flow.ClientId), ("token", Refresh(tokens))]);
        Assert.Equal(HttpStatusCode.OK, revoked);
        var (status, body) = await flow.RefreshAsync(Refresh(tokens));
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("invalid_grant", body["error"]!.GetValue<string>());
    }

    [Fact]
    public async Task Discovery_says_what_there_is()
    {
        using var browser = host.Browser();
        var metadata = JsonNode.Parse((await browser.GetAsync("/.well-known/openid-configuration")).Body)!;
        Assert.Equal(["S256"], metadata["code_challenge_methods_supported"]!.AsArray().Select(method => method!.GetValue<string>()));
        foreach (var endpoint in (string[])["authorization", "token", "introspection", "revocation", "end_session", "pushed_authorization_request"])
        {
            Assert.NotNull(metadata[$"{endpoint}_endpoint"]);
        }

        Assert.Equal(
            ["authorization_code", "client_credentials", "refresh_token"],
            metadata["grant_types_supported"]!.AsArray().Select(grant => grant!.GetValue<string>()).Order());
    }

    private static string Refresh(JsonObject tokens) => tokens["refresh_token"]!.GetValue<string>();

    private static string[] Values(JsonWebToken token, string name) => [.. token.Claims.Where(claim => claim.Type == name).Select(claim => claim.Value)];

    private async Task<HttpStatusCode> GetAsync(JsonObject tokens, string path)
    {
        using var client = host.Server.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", tokens["access_token"]!.GetValue<string>());
        using var response = await client.GetAsync(path, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    private async Task<HttpStatusCode> PostProductAsync(JsonObject tokens)
    {
        using var client = host.Server.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", tokens["access_token"]!.GetValue<string>());
        using var content = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");
        using var response = await client.PostAsync("/api/v1/products", content, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}
