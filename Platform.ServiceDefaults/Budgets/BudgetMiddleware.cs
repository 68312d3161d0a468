using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Platform.Budgets;
using Platform.ServiceDefaults.Resilience;

namespace Platform.ServiceDefaults.Budgets;

/// <summary>
/// Measures every request by the route that answered it. Not measured are probes and whatever else has no metrics, requests that no route took
/// (any path would be a route of its own), those whose client left or had too little time, and answers that go on as long as someone listens.
/// </summary>
internal sealed class BudgetMiddleware(RequestDelegate next, BudgetBoard board, TimeProvider time)
{
    private const int MaxKnown = 20_000;

    private static readonly FrozenSet<string> KnownMethods = FrozenSet.ToFrozenSet(
        [
            HttpMethods.Get, HttpMethods.Post, HttpMethods.Put, HttpMethods.Delete, HttpMethods.Patch, HttpMethods.Head, HttpMethods.Options,
        ],
        StringComparer.Ordinal);

    private readonly ConcurrentDictionary<(Endpoint Endpoint, string Method), RouteMeter?> _meters = new(SameObjects.Instance);

    public Task InvokeAsync(HttpContext context)
    {
        var started = time.GetTimestamp();
        Task answered;
        try
        {
            answered = next(context);
        }
        catch
        {
            Record(context, started, failed: true);
            throw;
        }

        if (!answered.IsCompletedSuccessfully)
        {
            return AwaitAsync(context, started, answered);
        }

        Record(context, started, context.Response.StatusCode >= StatusCodes.Status500InternalServerError);
        return Task.CompletedTask;
    }

    private async Task AwaitAsync(HttpContext context, long started, Task answered)
    {
        try
        {
            await answered;
        }
        catch
        {
            Record(context, started, failed: true);
            throw;
        }

        Record(context, started, context.Response.StatusCode >= StatusCodes.Status500InternalServerError);
    }

    private void Record(HttpContext context, long started, bool failed)
    {
        if (context.GetEndpoint() is not { } endpoint
            || context.RequestAborted.IsCancellationRequested
            || (failed && context.Features.Get<DeadlineMiddleware.Missed>() is not null)
            || IsStream(context))
        {
            return;
        }

        var method = Method(context.Request.Method);
        if (!_meters.TryGetValue((endpoint, method), out var meter))
        {
            meter = Find(endpoint, method);
            if (_meters.Count < MaxKnown)
            {
                _meters.TryAdd((endpoint, method), meter);
            }
        }

        meter?.Record(time.GetElapsedTime(started).TotalMilliseconds, failed);
    }

    private RouteMeter? Find(Endpoint endpoint, string method)
    {
        if (endpoint.Metadata.GetMetadata<IDisableHttpMetricsMetadata>() is not null
            || endpoint is not RouteEndpoint { RoutePattern.RawText: { } path })
        {
            return null;
        }

        return board.Meter($"{method} {(path.StartsWith('/') ? path : "/" + path)}");
    }

    private static bool IsStream(HttpContext context) =>
        context.Response.StatusCode == StatusCodes.Status101SwitchingProtocols
        || HttpMethods.IsConnect(context.Request.Method)
        || (context.Response.ContentType is { } type && type.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase));

    // The client may send any word for a method; each would be a route.
    private static string Method(string method)
    {
        var known = HttpMethods.GetCanonicalizedValue(method);
        return ReferenceEquals(known, HttpMethods.Get) || KnownMethods.Contains(known) ? known : "OTHER";
    }

    // Methods are always the same few strings, and endpoints are what they are.
    private sealed class SameObjects : IEqualityComparer<(Endpoint Endpoint, string Method)>
    {
        public static readonly SameObjects Instance = new();

        public bool Equals((Endpoint Endpoint, string Method) x, (Endpoint Endpoint, string Method) y) =>
            ReferenceEquals(x.Endpoint, y.Endpoint) && ReferenceEquals(x.Method, y.Method);

        public int GetHashCode((Endpoint Endpoint, string Method) obj) =>
            RuntimeHelpers.GetHashCode(obj.Endpoint) ^ RuntimeHelpers.GetHashCode(obj.Method);
    }
}
