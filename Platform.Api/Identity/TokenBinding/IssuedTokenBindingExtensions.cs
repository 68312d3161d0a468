using System.Security.Cryptography.X509Certificates;
using Platform.TokenBinding;

namespace Platform.Api.Identity.TokenBinding;

/// <summary>Makes the token server bind what it issues.</summary>
internal static class IssuedTokenBindingExtensions
{
    /// <summary>
    /// Adds proofs of possession (RFC 9449), and where client certificates are enabled, clients that authenticate by certificate and tokens that are bound
    /// to it (RFC 8705): <c>self_signed_tls_client_auth</c>, and <c>tls_client_auth</c> where authorities are configured.
    /// </summary>
    public static void BindTokens(this OpenIddictServerBuilder server, IConfiguration configuration)
    {
        server.AddEventHandler(ProofAtTokenEndpoint.Descriptor);
        server.AddEventHandler(BindIssuedTokens.Descriptor);
        server.AddEventHandler(TokenType.Descriptor);
        server.AddEventHandler(AnnounceBinding.Descriptor);

        var options = configuration.GetSection(TokenBindingOptions.Section).Get<TokenBindingOptions>() ?? new TokenBindingOptions();
        if (!options.Certificates.Enabled)
        {
            return;
        }

        server.UseClientCertificateBoundAccessTokens().UseClientCertificateBoundRefreshTokens().EnableSelfSignedTlsClientAuthentication();
        var authorities = new X509Certificate2Collection();
        foreach (var file in options.Certificates.Authorities)
        {
            authorities.ImportFromPemFile(file);
        }

        if (authorities.Count > 0)
        {
            // Whether an authority has taken a certificate back is not asked: it would have to be reached for each token. Short lives do instead.
            server.EnablePublicKeyInfrastructureTlsClientAuthentication(authorities, policy => policy.RevocationMode = X509RevocationMode.NoCheck);
        }
    }
}
