using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using Platform.Errors;
using Platform.Identity;
using Platform.RateLimiting;

namespace Platform.ServiceDefaults.RateLimiting;

/// <summary>
/// Refuses requests at once when more are under way than the process can serve: reads first, which are easily repeated, then writes, operators last,
/// probes never. It stands behind routing and before everything that costs something.
/// </summary>
internal sealed class LoadShedding(RequestDelegate next, IOptions<RateLimitOptions> options)
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private readonly int _reads = Math.Max(1, options.Value.MaxConcurrentRequests * 8 / 10);
    private readonly int _writes = Math.Max(1, options.Value.MaxConcurrentRequests * 9 / 10);
    private readonly int _operators = options.Value.MaxConcurrentRequests;
    private int _underWay;

    public Task InvokeAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint();

        // Probes; and streams, which are open for long and have a limit of their own.
        return endpoint?.Metadata.GetMetadata<DisableRateLimitingAttribute>() is not null || endpoint?.Metadata.GetMetadata<DisableRequestTimeoutAttribute>() is not null
            ? next(context)
            : CountedAsync(context, endpoint);
    }

    private async Task CountedAsync(HttpContext context, Endpoint? endpoint)
    {
        try
        {
            // Which limit it is has to be known only where the least of them is reached.
            if (Interlocked.Increment(ref _underWay) is var underWay && underWay > _reads && underWay > Limit(context, endpoint))
            {
                Telemetry.Shed.Add(1);
                throw new ErrorException(ErrorCode.ServiceUnavailable, "The service is saturated.") { RetryAfter = Retry };
            }

            await next(context);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    private int Limit(HttpContext context, Endpoint? endpoint)
    {
        foreach (var data in endpoint?.Metadata.GetOrderedMetadata<IAuthorizeData>() ?? [])
        {
            if (data.Policy == ApiScopes.Operate)
            {
                return _operators;
            }
        }

        return HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) ? _reads : _writes;
    }
}
