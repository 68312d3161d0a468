using System.Net;
using Platform.Api.Tests.Support;
using Platform.Identity;

namespace Platform.Api.Tests.Identity;

/// <summary>What the token server gives and refuses; its errors are those of RFC 6749, section 5.2.</summary>
public sealed class TokenTests(ApiHost api) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task Client_credentials_give_a_bearer_token_for_an_hour_with_all_the_clients_scopes()
    {
        using var response = await api.Anonymous.RequestTokenAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(response.Headers.CacheControl!.NoStore);

        var token = await response.JsonAsync();
        Assert.Equal("Bearer", token["token_type"]!.GetValue<string>());
        Assert.InRange(token["expires_in"]!.GetValue<int>(), 3590, 3600);
        Assert.Equal(ApiScopes.All.Keys.Order(), token["scope"]!.GetValue<string>().Split(' ').Order());
    }

    [Fact]
    public async Task Token_answer_is_one_line_so_that_a_shell_can_read_it()
    {
        using var response = await api.Anonymous.RequestTokenAsync();
        Assert.DoesNotContain('\n', await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("demo", "wrong", null, "invalid_client", HttpStatusCode.Unauthorized)]
    [InlineData("nobody", "demo-secret", null, "invalid_client", HttpStatusCode.Unauthorized)]
    [InlineData("demo", "demo-secret", "everything", "invalid_scope", HttpStatusCode.BadRequest)]
    public async Task Token_is_refused_with_the_error_of_the_specification(
        string id, string secret, string? scope, string error, HttpStatusCode status)
    {
        using var response = await api.Anonymous.RequestTokenAsync(id, secret, scope);
        Assert.Equal(status, response.StatusCode);
        Assert.Equal(error, (await response.JsonAsync())["error"]!.GetValue<string>());
    }

    [Fact]
    public async Task Metadata_names_the_configured_issuer_and_the_published_keys_verify()
    {
        var metadata = await api.Anonymous.GetJsonAsync("/.well-known/openid-configuration");
        Assert.Equal(ApiServer.Issuer, metadata["issuer"]!.GetValue<string>());

        var keys = await api.Anonymous.GetJsonAsync("/.well-known/jwks");
        var key = Assert.Single(keys["keys"]!.AsArray())!.AsObject();
        Assert.Equal("RS256", key["alg"]!.GetValue<string>());
        Assert.DoesNotContain(key, member => member.Key is "d" or "p" or "q" or "dp" or "dq" or "qi");
    }

    [Fact]
    public async Task Introspection_tells_a_live_token_from_a_made_up_one()
    {
        Assert.True((await IntrospectAsync(await api.Anonymous.TokenAsync()))["active"]!.GetValue<bool>());
        Assert.False((await IntrospectAsync("made-up"))["active"]!.GetValue<bool>());
    }

    private async Task<System.Text.Json.Nodes.JsonObject> IntrospectAsync(string token)
    {
        using var content = new FormUrlEncodedContent(
            new Dictionary<string, string> { ["token"] = token, ["client_id"] = "demo", ["client_secret"] = "demo-secret" });
        using var response = await api.Anonymous.PostAsync("/connect/introspect", content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.JsonAsync();
    }
}
