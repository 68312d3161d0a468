using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Platform.Api.Tests.Support;
using Platform.Identity.Tests.Support;

namespace Platform.Identity.Tests.Edge;

/// <summary>Another OpenID Connect provider in place of the own server, over real HTTP, with its own names for everything.</summary>
public sealed class ExternalProviderTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    [Fact]
    public async Task Tokens_of_the_provider_count_by_its_own_names_and_pinned_algorithms()
    {
        await using var provider = await Provider.StartAsync();
        await using var server = new ApiServer(host.Database.ConnectionString, settings:
        [
            ("Platform:Identity:Provider", "External"),
            ("Platform:Identity:Issuer", provider.Url),
            ("Platform:Identity:Audience", "the-shop"),
            ("Platform:Identity:TokenTypes:0", "JWT"),
            ("Platform:Identity:Algorithms:0", "ES256"),
            ("Platform:Identity:Claims:Client", "azp"),
            ("Platform:Identity:Claims:Roles", "realm_access.roles"),
            ("Platform:Identity:Claims:RoleNames:shop-admins", "operator"),
            ("Platform:Identity:Claims:RoleNames:clerks", "staff"),
            ("Platform:Identity:Claims:ScopeNames:read-orders", "orders.read"),
            ("Platform:Identity:Claims:ClientToken", "kind=service"),
        ]);
        server.StartServer();

        // By a role, by a group that is named as one, and as a service by its scopes alone.
        Assert.Equal(HttpStatusCode.OK, await GetAsync(server, provider.Token(roles: ["shop-admins"])));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(server, provider.Token(groups: ["clerks"])));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(server, provider.Token(kind: "service")));

        // A user without a role, one whose role is not mapped, one who claims to be superuser: the scope is not enough.
        Assert.Equal(HttpStatusCode.Forbidden, await GetAsync(server, provider.Token()));
        Assert.Equal(HttpStatusCode.Forbidden, await GetAsync(server, provider.Token(roles: ["unknown"])));
        Assert.Equal(HttpStatusCode.Forbidden, await GetAsync(server, provider.Token(superuser: true)));

        // Another audience, and an algorithm that is not pinned although the key is published.
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(server, provider.Token(roles: ["shop-admins"], audience: "platform")));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(server, provider.Token(roles: ["shop-admins"], rsa: true)));

        // The own server and its login are not there.
        using var browser = new Browser(server);
        Assert.NotEqual(HttpStatusCode.OK, (await browser.GetAsync("/account/login")).Status);
        Assert.NotEqual(HttpStatusCode.OK, (await browser.GetAsync("/.well-known/openid-configuration")).Status);
    }

    private static async Task<HttpStatusCode> GetAsync(ApiServer server, string token)
    {
        using var client = server.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using var response = await client.GetAsync("/api/v1/orders?limit=1", TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    private sealed class Provider : IAsyncDisposable
    {
        private readonly ECDsa _ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        private readonly RSA _rsa = RSA.Create(2048);
        private readonly WebApplication _app;

        private Provider()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            _app = builder.Build();
            _app.MapGet("/.well-known/openid-configuration", () => Results.Json(new { issuer = Url, jwks_uri = Url + "/jwks" }));
            _app.MapGet("/jwks", () =>
            {
                var ec = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(_ec) { KeyId = "ec" });
                var rsa = JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(_rsa.ExportParameters(false)) { KeyId = "rsa" });
                return Results.Json(new
                {
                    keys = new object[]
                    {
                        new { kty = "EC", kid = "ec", use = "sig", crv = ec.Crv, x = ec.X, y = ec.Y },
                        new { kty = "RSA", kid = "rsa", use = "sig", n = rsa.N, e = rsa.E },
                    },
                });
            });
        }

        public string Url => _app.Urls.Single();

        public static async Task<Provider> StartAsync()
        {
            var provider = new Provider();
            await provider._app.StartAsync(TestContext.Current.CancellationToken);
            return provider;
        }

        public string Token(
            string[]? roles = null, string[]? groups = null, string? kind = null, bool superuser = false, string audience = "the-shop", bool rsa = false)
        {
            var now = TimeProvider.System.GetUtcNow().UtcDateTime;
            var claims = new Dictionary<string, object> { ["sub"] = "9f1c", ["azp"] = "web", ["scope"] = "openid read-orders" };
            if (roles is not null)
            {
                claims["realm_access"] = new Dictionary<string, object> { ["roles"] = roles };
            }

            if (groups is not null)
            {
                claims["groups"] = groups;
            }

            if (kind is not null)
            {
                claims["kind"] = kind;
            }

            if (superuser)
            {
                claims["is_superuser"] = true;
            }

            return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
            {
                Issuer = Url,
                Audience = audience,
                IssuedAt = now.AddMinutes(-1),
                NotBefore = now.AddMinutes(-1),
                Expires = now.AddMinutes(5),
                Claims = claims,
                SigningCredentials = rsa
                    ? new SigningCredentials(new RsaSecurityKey(_rsa) { KeyId = "rsa" }, SecurityAlgorithms.RsaSha256)
                    : new SigningCredentials(new ECDsaSecurityKey(_ec) { KeyId = "ec" }, SecurityAlgorithms.EcdsaSha256),
            });
        }

        public async ValueTask DisposeAsync()
        {
            await _app.DisposeAsync();
            _ec.Dispose();
            _rsa.Dispose();
        }
    }
}
