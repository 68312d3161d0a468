using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Platform.Api.Http;

internal static class RequestLimits
{
    // How much of a body over the limit is read away, so that its sender gets to see the answer.
    public const long ReadAwayBytes = 1_024 * 1_024;
    private const int MaxHeaderBytes = 16 * 1_024;
    private const int MaxHeaderCount = 64;

    /// <summary>Limits size and time of what clients send, and the time that an answer takes (<see cref="RequestLimitOptions"/>).</summary>
    public static IHostApplicationBuilder AddRequestLimits(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<RequestLimitOptions>().BindConfiguration(RequestLimitOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddRequestTimeouts();
        services.AddOptions<RequestTimeoutOptions>().Configure<IOptions<RequestLimitOptions>>((timeouts, limits) =>
            timeouts.DefaultPolicy = new RequestTimeoutPolicy
            {
                Timeout = limits.Value.RequestTimeout,
                TimeoutStatusCode = StatusCodes.Status504GatewayTimeout,
            });
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<RequestLimitOptions>>((kestrel, limits) =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = limits.Value.MaxBodyBytes + ReadAwayBytes;
            kestrel.Limits.RequestHeadersTimeout = limits.Value.HeadersTimeout;
            kestrel.Limits.MaxConcurrentConnections = limits.Value.MaxConnections;
            kestrel.Limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
            kestrel.Limits.MaxRequestHeaderCount = MaxHeaderCount;
        });
        return builder;
    }

    /// <summary>Holds the limits of size and time; before everything that reads a body.</summary>
    public static IApplicationBuilder UseRequestLimits(this IApplicationBuilder app) => app.UseMiddleware<BodyLimit>().UseRequestTimeouts();
}
