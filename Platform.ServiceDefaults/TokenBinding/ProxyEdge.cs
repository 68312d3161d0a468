using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using Platform.TokenBinding;

namespace Platform.ServiceDefaults.TokenBinding;

// A filter rather than a call in each Program.cs: what the request says of its origin is settled before anything asks.
internal sealed class ProxyEdge(IOptions<TokenBindingOptions> options, TrustedProxies proxies) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        if (options.Value.Certificates.ForwardedHeader is { Length: > 0 })
        {
            // First, while the peer is still the proxy.
            app.UseMiddleware<ForwardedCertificates>();
        }

        if (proxies.Networks.Count > 0)
        {
            var forwarded = new ForwardedHeadersOptions
            {
                ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,
                ForwardLimit = null,
            };
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            foreach (var network in proxies.Networks)
            {
                forwarded.KnownIPNetworks.Add(network);
            }

            app.UseForwardedHeaders(forwarded);
        }

        next(app);
    };
}
