using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Platform.EntityFrameworkCore.Identity;

/// <summary>
/// Clients that authenticate with certificates of an authority: that the chain is good says nothing about which client it is, so the certificate also
/// has to have the subject that was registered (RFC 8705, section 2.1.2, <c>tls_client_auth_subject_dn</c>). Without one nobody is that client. In
/// place of OpenIddict's own rule, which takes the host of a redirection URI for the name: clients for themselves have none.
/// </summary>
public static class CertifiedSubject
{
    /// <summary>The property of a client that holds the subject, as RFC 8705 names it.</summary>
    public const string Property = "tls_client_auth_subject_dn";

    internal static bool IsOf(ImmutableDictionary<string, JsonElement> properties, X509Certificate2 certificate, X509ChainPolicy policy) =>
        properties.TryGetValue(Property, out var subject)
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
