using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Platform.Secrets;

namespace Platform.ServiceDefaults.Secrets;

/// <summary>
/// Reads the issuer's keys again when the keys that sign tokens change, in a host that takes them over HTTP: so no token is refused for a key that is published but not
/// known here yet.
/// </summary>
internal sealed class IssuerKeys(SecretCatalog catalog, IServiceProvider services) : ISecretObserver
{
    private const string Kind = "signing-key";

    public async Task TakeAsync(Secret secret, CancellationToken cancellationToken)
    {
        if (catalog.Find(secret.Name)?.Rotator != Kind
            || services.GetService<IOptionsMonitor<JwtBearerOptions>>()?.Get(JwtBearerDefaults.AuthenticationScheme) is not { ConfigurationManager: ConfigurationManager<OpenIdConnectConfiguration> } bearer)
        {
            return;
        }

        // One that asks again ignores being told so too often, hence a new one, which is in use once it has read.
        var fresh = new ConfigurationManager<OpenIdConnectConfiguration>(
            bearer.MetadataAddress, new OpenIdConnectConfigurationRetriever(), new HttpDocumentRetriever(bearer.Backchannel) { RequireHttps = bearer.RequireHttpsMetadata })
        {
            RefreshInterval = bearer.RefreshInterval,
            AutomaticRefreshInterval = bearer.AutomaticRefreshInterval,
        };
        await fresh.GetConfigurationAsync(cancellationToken);
        bearer.ConfigurationManager = fresh;
    }
}
