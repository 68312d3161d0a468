using System.Collections.Frozen;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Identity;
using Platform.ServiceDefaults.FeatureFlags.Streams;

namespace Platform.ServiceDefaults.FeatureFlags.Ofrep;

/// <summary>
/// Lets callers in by <c>X-API-Key</c>, and to streams by the signed token in their address. A wrong key costs one SHA-256 and one look-up.
/// </summary>
internal sealed class FlagKeys(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, IOptions<OfrepOptions> ofrep, StreamTokens tokens)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "FlagKey";
    public const string HeaderName = "X-API-Key";

    private const int MaxKey = 512;

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
        Request.Headers.TryGetValue(HeaderName, out var key) ? ByKey(key.ToString())
        : Context.GetEndpoint()?.Metadata.GetMetadata<TakesStreamToken>() is not null && Request.Query[StreamTokens.Parameter] is [{ } token] ? ByToken(token)
        : AuthenticateResult.NoResult());

    // The bearer scheme says how to come in; a second challenge would only repeat the status.
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }

    private AuthenticateResult ByKey(string key)
    {
        if (key.Length is 0 or > MaxKey)
        {
            return AuthenticateResult.Fail("No key of this length.");
        }

        // A look-up by hash tells nothing of the key by the time it takes.
        var names = KeyNames.Of(ofrep.Value);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
        return names.TryGetValue(hash, out var name) ? Success(name) : AuthenticateResult.Fail("Unknown key.");
    }

    private AuthenticateResult ByToken(string token) => tokens.IsValid(token) ? Success("stream") : AuthenticateResult.Fail("The token has expired.");

    private static AuthenticateResult Success(string name)
    {
        var identity = new ClaimsIdentity([new Claim("sub", $"flag-key:{name}"), new Claim("client_id", $"flag-key:{name}"), new Claim("scope", ApiScopes.FlagsEvaluate)], SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    /// <summary>Names of keys by hash, made once for each set of options.</summary>
    private static class KeyNames
    {
        private static readonly System.Runtime.CompilerServices.ConditionalWeakTable<OfrepOptions, FrozenDictionary<string, string>> Made = [];

        public static FrozenDictionary<string, string> Of(OfrepOptions options) => Made.GetValue(
            options, static made => made.Keys.ToFrozenDictionary(entry => entry.Value.ToLowerInvariant(), entry => entry.Key, StringComparer.Ordinal));
    }
}

internal sealed class OfrepOptionsCheck : IValidateOptions<OfrepOptions>
{
    private const int HashDigits = 64;

    public ValidateOptionsResult Validate(string? name, OfrepOptions options)
    {
        foreach (var (key, hash) in options.Keys)
        {
            if (hash.Length != HashDigits || !hash.All(char.IsAsciiHexDigit))
            {
                return ValidateOptionsResult.Fail($"{OfrepOptions.Section}:Keys:{key} has to be a SHA-256 in 64 hexadecimal digits.");
            }
        }

        return ValidateOptionsResult.Success;
    }
}
