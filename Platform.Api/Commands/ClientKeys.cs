using System.Security.Cryptography.X509Certificates;
using Microsoft.IdentityModel.Tokens;

namespace Platform.Api.Commands;

/// <summary>Makes of a certificate the key set of a client that authenticates with it (RFC 8705, section 2.2).</summary>
internal static class ClientKeys
{
    /// <summary>Makes the set.</summary>
    /// <returns>The set; null for a certificate of another key than RSA, which the token server would not find again in it.</returns>
    public static JsonWebKeySet? Of(X509Certificate2 certificate)
    {
        using var rsa = certificate.GetRSAPublicKey();
        if (rsa is null)
        {
            return null;
        }

        var key = JsonWebKeyConverter.ConvertFromX509SecurityKey(new X509SecurityKey(certificate), representAsRsaKey: true);
        key.X5c.Clear();
        key.X5c.Add(Convert.ToBase64String(certificate.RawData));
        key.Use = JsonWebKeyUseNames.Sig;
        return new JsonWebKeySet { Keys = { key } };
    }
}
