using System.Collections.Frozen;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using Platform.Errors;
using Platform.RateLimiting;
using Platform.ServiceDefaults.Identity;

namespace Platform.ServiceDefaults.RateLimiting;

/// <summary>
/// Holds the limit of a request's class for its client and its user, and says what is left (draft-ietf-httpapi-ratelimit-headers-10). It stands behind
/// conditional requests, so a 304 costs nothing; an endpoint that finds out by itself that the client's copy is still good is given back what it took.
/// </summary>
internal sealed class RateLimitedRequests
{
    private readonly RequestDelegate _next;
    private readonly RedisRates _rates;
    private readonly IOptions<RateLimitOptions> _options;
    private readonly FrozenDictionary<string, ClassOfRequests> _classes;

    public RateLimitedRequests(RequestDelegate next, RedisRates rates, IOptions<RateLimitOptions> options)
    {
        (_next, _rates, _options) = (next, rates, options);
        _classes = options.Value.Classes.ToFrozenDictionary(pair => pair.Key, pair => new ClassOfRequests(pair.Key, pair.Value), StringComparer.Ordinal);
        Telemetry.FromZero(_classes.Values.Select(requests => requests.Tag));
    }

    public Task InvokeAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        return !_options.Value.Enabled || endpoint?.Metadata.GetMetadata<DisableRateLimitingAttribute>() is not null
            ? _next(context)
            : LimitedAsync(context, endpoint);
    }

    private async Task LimitedAsync(HttpContext context, Endpoint? endpoint)
    {
        var claims = context.KnownUserOrNull();
        var client = claims?.FindFirst("client_id")?.Value;
        var user = claims?.FindFirst("sub")?.Value;
        var name = client is null && user is null
            ? RateLimitOptions.Anonymous
            : endpoint?.Metadata.GetMetadata<RateLimitClassMetadata>()?.Name
                ?? (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) ? RateLimitOptions.Read : RateLimitOptions.Write);
        if (!_classes.TryGetValue(name, out var requests) || (ReferenceEquals(name, RateLimitOptions.Anonymous) && context.Features.Get<CountedByAddress>() is not null))
        {
            await _next(context);
            return;
        }

        // In braces: the keys of one request are in one slot of a cluster.
        var caller = client ?? user ?? Address(context);
        string[] keys = user is null || user == caller ? [$"limit:{{{caller}}}:{name}"] : [$"limit:{{{caller}}}:{name}", $"limit:{{{caller}}}:{name}:{user}"];
        var decision = await TakeAsync(_rates, context, keys, requests);
        await _next(context);
        if (context.Response.StatusCode == StatusCodes.Status304NotModified)
        {
            _rates.GiveBack(keys, requests.Limit);
            if (!context.Response.HasStarted)
            {
                Tell(context.Response, requests, decision.Remaining + 1, decision.Reset - (requests.Limit.Window / requests.Limit.Limit));
            }
        }
    }

    public static string Address(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "";

    /// <summary>Takes a request from its limit, and says what is left.</summary>
    /// <exception cref="ErrorException">There is nothing left: 429.</exception>
    public static async ValueTask<RateDecision> TakeAsync(RedisRates rates, HttpContext context, string[] keys, ClassOfRequests requests)
    {
        var decision = await rates.TakeAsync(keys, requests.Limit);
        Tell(context.Response, requests, decision.Remaining, decision.Reset);
        if (decision.Allowed)
        {
            return decision;
        }

        Telemetry.Limited.Add(1, requests.Tag);
        throw new ErrorException(ErrorCode.RateLimitExceeded, $"More than {requests.Limit.Limit} requests in {requests.Limit.Window.TotalSeconds:0} s.")
        {
            RetryAfter = decision.RetryAfter,
        };
    }

    private static void Tell(HttpResponse response, ClassOfRequests requests, long remaining, TimeSpan reset)
    {
        response.Headers["RateLimit-Policy"] = requests.Policy;
        response.Headers["RateLimit"] = string.Create(
            CultureInfo.InvariantCulture, $"\"{requests.Name}\";r={remaining};t={Math.Max(0, (long)Math.Ceiling(reset.TotalSeconds))}");
    }
}
