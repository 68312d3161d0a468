using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;
using Platform.Api.Tests.Support;
using Platform.Errors;
using Platform.Identity;

namespace Platform.Api.Tests.Identity;

/// <summary>Which tokens are accepted, and what is said to the others (RFC 6750, section 3).</summary>
public sealed class BearerTests(ApiHost api) : IClassFixture<ApiHost>
{
    private const string Path = "/api/v1/orders?limit=1";

    [Fact]
    public async Task Token_of_the_servers_own_key_is_accepted()
    {
        using var response = await SendAsync(await new Forgery().MakeAsync(api));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Without_a_token_the_caller_learns_that_one_is_needed_and_no_more()
    {
        using var response = await api.Anonymous.GetAsync(Path, TestContext.Current.CancellationToken);
        await response.AssertProblemAsync(ErrorCode.Unauthenticated);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("a.b.c")]
    [InlineData("eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.eyJpc3MiOiJodHRwczovL2lzc3Vlci50ZXN0LyIsImF1ZCI6InBsYXRmb3JtIiwiZXhwIjo0MTAyNDQ0ODAwfQ.")]
    public async Task Token_that_is_none_is_refused(string token)
    {
        using var response = await SendAsync(token);
        await AssertRefusedAsync(response);
    }

    [Fact]
    public async Task Expired_token_is_refused()
    {
        using var response = await SendAsync(await new Forgery { ExpiresIn = TimeSpan.FromSeconds(-60) }.MakeAsync(api));
        var problem = await AssertRefusedAsync(response);
        Assert.Equal("The token has expired.", problem["detail"]!.GetValue<string>());
    }

    [Fact]
    public async Task Token_from_the_future_is_refused()
    {
        using var response = await SendAsync(await new Forgery { StartsIn = TimeSpan.FromMinutes(2) }.MakeAsync(api));
        await AssertRefusedAsync(response);
    }

    [Fact]
    public async Task Token_of_another_issuer_is_refused()
    {
        using var response = await SendAsync(await new Forgery { Issuer = "https://other.test/" }.MakeAsync(api));
        await AssertRefusedAsync(response);
    }

    [Fact]
    public async Task Token_for_another_audience_is_refused()
    {
        using var response = await SendAsync(await new Forgery { Audience = "other" }.MakeAsync(api));
        await AssertRefusedAsync(response);
    }

    [Fact]
    public async Task Token_of_another_type_is_refused()
    {
        using var response = await SendAsync(await new Forgery { Type = "JWT" }.MakeAsync(api));
        await AssertRefusedAsync(response);
    }

    [Fact]
    public async Task Token_of_another_key_under_the_servers_key_id_is_refused()
    {
        var keyId = (await Forgery.ServersKeyAsync(api)).KeyId;
        using var rsa = RSA.Create(2048);
        using var response = await SendAsync(await new Forgery { Key = new RsaSecurityKey(rsa) { KeyId = keyId } }.MakeAsync(api));
        await AssertRefusedAsync(response);
    }

    [Fact]
    public async Task Token_signed_with_the_public_key_as_a_shared_secret_is_refused()
    {
        var server = await Forgery.ServersKeyAsync(api);
        var secret = new SymmetricSecurityKey(Encoding.UTF8.GetBytes(server.Rsa.ExportSubjectPublicKeyInfoPem())) { KeyId = server.KeyId };
        using var response = await SendAsync(await new Forgery { Key = secret, Algorithm = SecurityAlgorithms.HmacSha256 }.MakeAsync(api));
        await AssertRefusedAsync(response);
    }

    [Fact]
    public async Task Token_in_the_query_is_not_looked_at()
    {
        using var response = await api.Anonymous.GetAsync(
            $"{Path}&access_token={await api.Anonymous.TokenAsync()}", TestContext.Current.CancellationToken);
        await response.AssertProblemAsync(ErrorCode.Unauthenticated);
    }

    [Theory]
    [InlineData("GET", "/api/v1/customers", ApiScopes.CatalogRead)]
    [InlineData("POST", "/api/v1/customers", ApiScopes.CatalogWrite)]
    [InlineData("GET", "/api/v1/products", ApiScopes.CatalogRead)]
    [InlineData("PUT", "/api/v1/products/019b7892-79c0-7000-8002-000000000019", ApiScopes.CatalogWrite)]
    [InlineData("GET", "/api/v1/orders", ApiScopes.OrdersRead)]
    [InlineData("POST", "/api/v1/orders", ApiScopes.OrdersWrite)]
    [InlineData("POST", "/api/v1/orders/019b7892-79c0-7000-8002-000000000019/ship", ApiScopes.OrdersWrite)]
    public async Task Token_that_lacks_the_scope_is_told_which(string method, string path, string scope)
    {
        using var client = await api.WithTokenAsync([.. ApiScopes.All.Keys.Where(other => other != scope)]);
        using var response = await client.SendJsonAsync(new HttpMethod(method), path, "{}");
        await response.AssertProblemAsync(ErrorCode.Forbidden);
        Assert.Equal($"Bearer error=\"insufficient_scope\", scope=\"{scope}\"", response.Headers.WwwAuthenticate.ToString());
    }

    private async Task<HttpResponseMessage> SendAsync(string token)
    {
        using var client = api.Sending(token);
        return await client.GetAsync(Path, TestContext.Current.CancellationToken);
    }

    private static async Task<System.Text.Json.Nodes.JsonObject> AssertRefusedAsync(HttpResponseMessage response)
    {
        Assert.StartsWith("Bearer error=\"invalid_token\"", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        return await response.AssertProblemAsync(ErrorCode.Unauthorized);
    }
}
