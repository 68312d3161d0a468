using Microsoft.Extensions.DependencyInjection;
using Platform.Secrets;

namespace Platform.Domain;

/// <summary>The secrets that every deployment has. Those of a deployment's own are in its configuration (docs/secrets.md).</summary>
public static class DomainSecrets
{
    /// <summary>What signs tokens.</summary>
    public const string TokenSigning = "token-signing";

    /// <summary>What protects cookies and forms.</summary>
    public const string CookieKeys = "cookie-keys";

    /// <summary>What redacted values are hashed with.</summary>
    public const string RedactionHash = "redaction-hash";

    internal static IServiceCollection AddDomainSecrets(this IServiceCollection services) => services
        .AddSecret(TokenSigning, "signing-key")
        .AddSecret(CookieKeys, "cookie-keys")
        .AddSecret(RedactionHash, "random", secret => secret.Bind = "Platform:Redaction:HashKey");
}
