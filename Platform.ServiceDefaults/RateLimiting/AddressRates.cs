using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using Platform.RateLimiting;
using Platform.ServiceDefaults.FeatureFlags.Ofrep;

namespace Platform.ServiceDefaults.RateLimiting;

/// <summary>
/// Holds the limit of those who bring no token, by address, before anything is done for them: they end with 401, or ask for a token, and never get as far as
/// <see cref="RateLimitedRequests"/>. It stands behind routing and before authentication.
/// </summary>
internal sealed class AddressRates(RequestDelegate next, RedisRates rates, IOptions<RateLimitOptions> options)
{
    // Clients that ask for a token may send who they are in the header that tokens are sent in.
    private static readonly PathString TokenServer = "/connect";

    private readonly ClassOfRequests? _anonymous = options.Value.Enabled && options.Value.Classes.TryGetValue(RateLimitOptions.Anonymous, out var limit)
        ? new(RateLimitOptions.Anonymous, limit)
        : null;

    public Task InvokeAsync(HttpContext context) =>
        _anonymous is null
        || (BringsCredentials(context.Request.Headers) && !context.Request.Path.StartsWithSegments(TokenServer, StringComparison.Ordinal))
        || context.GetEndpoint()?.Metadata.GetMetadata<DisableRateLimitingAttribute>() is not null
            ? next(context)
            : LimitedAsync(context, _anonymous);

    private static bool BringsCredentials(IHeaderDictionary headers) => headers.Authorization.Count > 0 || headers.ContainsKey(FlagKeys.HeaderName);

    private async Task LimitedAsync(HttpContext context, ClassOfRequests anonymous)
    {
        await RateLimitedRequests.TakeAsync(rates, context, [$"limit:{{{RateLimitedRequests.Address(context)}}}:{anonymous.Name}"], anonymous);
        context.Features.Set(CountedByAddress.Instance);
        await next(context);
    }
}

// Says that a request was counted, and is not to be counted again.
internal sealed class CountedByAddress
{
    public static readonly CountedByAddress Instance = new();

    private CountedByAddress()
    {
    }
}
