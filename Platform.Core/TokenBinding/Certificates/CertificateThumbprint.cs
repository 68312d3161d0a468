using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Platform.TokenBinding.Certificates;

/// <summary>The thumbprint that tokens are bound to (RFC 8705, section 3.1).</summary>
public static class CertificateThumbprint
{
    /// <summary>The name within <c>cnf</c>.</summary>
    public const string Name = "x5t#S256";

    /// <summary>SHA-256 of the certificate in DER, in base64url.</summary>
    public static string Of(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(certificate.RawDataMemory.Span, hash);
        return Base64Url.EncodeToString(hash);
    }
}
