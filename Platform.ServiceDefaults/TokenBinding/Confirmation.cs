using System.Security.Claims;
using System.Text.Json;
using Platform.TokenBinding.Certificates;

namespace Platform.ServiceDefaults.TokenBinding;

/// <summary>What a token says of who may use it: the claim <c>cnf</c> (RFC 7800, section 3.1).</summary>
/// <param name="Key">The thumbprint of a DPoP key (RFC 9449, section 6.1).</param>
/// <param name="Certificate">The thumbprint of a client certificate (RFC 8705, section 3.1).</param>
/// <param name="IsUnknown">It is bound in a way that is not known here, so nobody can be let in.</param>
internal readonly record struct Confirmation(string? Key, string? Certificate, bool IsUnknown)
{
    private const string Claim = "cnf";

    public static Confirmation Of(ClaimsPrincipal principal)
    {
        string? key = null, certificate = null;
        foreach (var claim in principal.FindAll(Claim))
        {
            try
            {
                using var json = JsonDocument.Parse(claim.Value);
                foreach (var member in json.RootElement.EnumerateObject())
                {
                    switch (member.Name)
                    {
                        case "jkt" when key is null:
                            key = member.Value.GetString();
                            break;
                        case CertificateThumbprint.Name when certificate is null:
                            certificate = member.Value.GetString();
                            break;
                        default:
                            return new Confirmation(null, null, IsUnknown: true);
                    }
                }
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                return new Confirmation(null, null, IsUnknown: true);
            }

            if (key is null && certificate is null)
            {
                return new Confirmation(null, null, IsUnknown: true);
            }
        }

        return new Confirmation(key, certificate, IsUnknown: false);
    }
}
