using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Platform.EntityFrameworkCore.Identity;

namespace Platform.Api.Tests.Support;

/// <summary>Makes tokens that differ from a good one in one thing.</summary>
internal sealed record Forgery
{
    private static readonly (string Name, string Value)[] Usual = [("sub", "demo"), ("client_id", "demo"), ("scope", "orders.read")];

    public string Issuer { get; init; } = ApiServer.Issuer;

    public string Audience { get; init; } = "platform";

    public string Type { get; init; } = "at+jwt";

    public TimeSpan ExpiresIn { get; init; } = TimeSpan.FromMinutes(5);

    public TimeSpan StartsIn { get; init; } = TimeSpan.FromMinutes(-10);

    public SecurityKey? Key { get; init; }

    public string Algorithm { get; init; } = SecurityAlgorithms.RsaSha256;

    /// <summary>Signs with the server's own key, if no other is given.</summary>
    public async Task<string> MakeAsync(ApiHost api, params (string Name, string Value)[] claims)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = Audience,
            TokenType = Type,
            NotBefore = now + StartsIn,
            IssuedAt = now + StartsIn,
            Expires = now + ExpiresIn,
            Claims = new Dictionary<string, object>([.. Usual.Concat(claims).GroupBy(claim => claim.Name).Select(named => KeyValuePair.Create(named.Key, (object)named.Last().Value))]),
            SigningCredentials = new SigningCredentials(Key ?? await ServersKeyAsync(api), Algorithm),
        });
    }

    public static async Task<RsaSecurityKey> ServersKeyAsync(ApiHost api)
    {
        await using var scope = api.Scope();
        var keys = await scope.ServiceProvider.GetRequiredService<SigningKeys>().ReadAsync(TestContext.Current.CancellationToken);
        var key = keys.First(candidate => candidate.Kind is IdentityKeyKind.Signing);
        var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(key.Material, out _);
        return new RsaSecurityKey(rsa) { KeyId = key.Id.ToString("N") };
    }
}
