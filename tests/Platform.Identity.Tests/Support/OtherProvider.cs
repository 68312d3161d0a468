using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Platform.Identity.Tests.Support;

/// <summary>Another OpenID Connect provider, over real HTTP, with its own names for everything.</summary>
internal sealed class OtherProvider : IAsyncDisposable
{
    private readonly ECDsa _ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly RSA _rsa = RSA.Create(2048);
    private readonly WebApplication _app;

    private OtherProvider()
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

    public static async Task<OtherProvider> StartAsync()
    {
        var provider = new OtherProvider();
        await provider._app.StartAsync(TestContext.Current.CancellationToken);
        return provider;
    }

    public string Token(
        string[]? roles = null, string[]? groups = null, string? kind = null, bool superuser = false, string audience = "the-shop", bool rsa = false,
        Dictionary<string, object>? confirmation = null, string scope = "openid read-orders")
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var claims = new Dictionary<string, object> { ["sub"] = "9f1c", ["azp"] = "web", ["scope"] = scope, ["jti"] = Convert.ToHexString(RandomNumberGenerator.GetBytes(16)) };
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

        if (confirmation is not null)
        {
            claims["cnf"] = confirmation;
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
