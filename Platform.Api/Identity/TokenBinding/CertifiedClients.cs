using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Core;

namespace Platform.Api.Identity.TokenBinding;

/// <summary>
/// Clients that authenticate with certificates of an authority: that the chain is good says nothing about which client it is, so the certificate also
/// has to have the subject that was registered (RFC 8705, section 2.1.2, <c>tls_client_auth_subject_dn</c>). Without one nobody is that client. In
/// place of OpenIddict's own rule, which takes the host of a redirection URI for the name: clients for themselves have none.
/// </summary>
internal sealed class CertifiedClients<TApplication>(
    IOpenIddictApplicationCache<TApplication> cache, ILogger<OpenIddictApplicationManager<TApplication>> logger,
    IOptionsMonitor<OpenIddictCoreOptions> options, IOpenIddictApplicationStore<TApplication> store)
    : OpenIddictApplicationManager<TApplication>(cache, logger, options, store)
    where TApplication : class
{
    public override async ValueTask<bool> ValidatePublicKeyInfrastructureTlsClientCertificateAsync(
        TApplication application, X509Certificate2 certificate, X509ChainPolicy policy, CancellationToken cancellationToken = default) =>
        (await GetPropertiesAsync(application, cancellationToken)).TryGetValue(KeyBinding.Subject, out var subject)
        && subject.GetString() is { Length: > 0 } name
        && name == certificate.SubjectName.Name
        && IsVouchedFor(certificate, policy);

    private static bool IsVouchedFor(X509Certificate2 certificate, X509ChainPolicy policy)
    {
        using var chain = new X509Chain { ChainPolicy = policy.Clone() };
        try
        {
            return chain.Build(certificate);
        }
        finally
        {
            foreach (var element in chain.ChainElements)
            {
                element.Certificate.Dispose();
            }
        }
    }
}
