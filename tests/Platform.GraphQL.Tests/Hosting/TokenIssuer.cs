using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Platform.Identity;

namespace Platform.GraphQL.Tests.Hosting;

/// <summary>An OpenID Connect provider with one key, whose metadata a host fetches over HTTP; it gives whatever token a test asks for.</summary>
internal sealed class TokenIssuer : IAsyncDisposable
{
    /// <summary>Whom every token is about.</summary>
    public const string Subject = "test";

    private readonly RSA _rsa = RSA.Create(2048);
    private readonly RsaSecurityKey _key;
    private readonly WebApplication _app;

    public TokenIssuer()
    {
        _key = new RsaSecurityKey(_rsa) { KeyId = "test" };
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapGet("/.well-known/openid-configuration", () => Results.Json(new { issuer = Url + "/", jwks_uri = Url + "/jwks", token_endpoint = Url + "/token" }));
        _app.MapPost("/token", async (HttpRequest request) =>
        {
            var form = await request.ReadFormAsync();
            return form["client_secret"] == "demo-secret"
                ? Results.Json(new { access_token = Token(form["scope"] is [{ Length: > 0 } scope] ? scope : string.Join(' ', ApiScopes.All.Keys)) })
                : Results.Json(new { error = "invalid_client", error_description = "The client is not known." }, statusCode: 401);
        });
        _app.MapGet("/jwks", () =>
        {
            var key = JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(_rsa.ExportParameters(false)) { KeyId = _key.KeyId });
            return Results.Json(new { keys = new[] { new { kty = key.Kty, kid = key.Kid, use = "sig", alg = "RS256", n = key.N, e = key.E } } });
        });
    }

    /// <summary>The issuer's address, without a slash behind it.</summary>
    public string Url => _app.Urls.Single();

    public Task StartAsync() => _app.StartAsync();

    /// <summary>Gives a token (RFC 9068).</summary>
    /// <param name="scopes">Separated by spaces.</param>
    /// <param name="lifetime">5 minutes by default; a negative one makes a token that has expired.</param>
    /// <param name="audience">Whom it is for.</param>
    /// <param name="subject">Whom it is about, a client.</param>
    /// <param name="id">What it can be revoked by.</param>
    public string Token(string scopes, TimeSpan? lifetime = null, string audience = "platform", string subject = Subject, string? id = null)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var expires = now + (lifetime ?? TimeSpan.FromMinutes(5));
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Url + "/",
            Audience = audience,
            TokenType = "at+jwt",
            IssuedAt = expires - TimeSpan.FromHours(1),
            NotBefore = expires - TimeSpan.FromHours(1),
            Expires = expires,
            Claims = new Dictionary<string, object> { ["sub"] = subject, ["client_id"] = subject, ["scope"] = scopes, ["jti"] = id ?? Guid.CreateVersion7().ToString("N") },
            SigningCredentials = new SigningCredentials(_key, SecurityAlgorithms.RsaSha256),
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _rsa.Dispose();
    }
}
