using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Platform.TokenBinding;
using Platform.TokenBinding.Certificates;

namespace Platform.ServiceDefaults.TokenBinding;

/// <summary>
/// Makes the certificate that a trusted proxy hands on the connection's own. From anybody else the header is taken away, unread.
/// </summary>
internal sealed class ForwardedCertificates(
    RequestDelegate next, IOptions<TokenBindingOptions> options, TrustedProxies proxies, BindingViolations violations)
{
    private readonly string _header = options.Value.Certificates.ForwardedHeader!;

    public async Task InvokeAsync(HttpContext context)
    {
        var values = context.Request.Headers[_header];
        context.Request.Headers.Remove(_header);
        if (!proxies.Contains(context.Connection.RemoteIpAddress))
        {
            if (values.Count > 0)
            {
                await violations.ReportAsync(context, BindingViolations.ForgedHeader, _header, "A peer that is no trusted proxy sent the header of a client certificate.");
            }

            await next(context);
            return;
        }

        // The certificate of the connection is the proxy's, whatever the header says. Two headers are as good as none.
        using var certificate = values.Count == 1 && values[0] is { } value ? ForwardedCertificate.TryRead(value) : null;
        if (values.Count > 0 && certificate is null)
        {
            await violations.ReportAsync(context, BindingViolations.ForgedHeader, _header, "A trusted proxy sent a client certificate that cannot be read, or several.");
        }

        context.Connection.ClientCertificate = certificate;
        await next(context);
    }
}
