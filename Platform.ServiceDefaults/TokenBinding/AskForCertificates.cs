using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Options;
using Platform.TokenBinding;

namespace Platform.ServiceDefaults.TokenBinding;

// The handshake proves that the client has the key. Whether the certificate is one that counts is decided where it is used: by what the client
// registered, or by the thumbprint in the token (RFC 8705, section 3).
internal sealed class AskForCertificates(IOptions<TokenBindingOptions> options) : IConfigureOptions<KestrelServerOptions>
{
    public void Configure(KestrelServerOptions kestrel)
    {
        if (options.Value.Certificates.Enabled)
        {
            kestrel.ConfigureHttpsDefaults(https =>
            {
                https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                https.ClientCertificateValidation = static (_, _, _) => true;
            });
        }
    }
}
