using System.Globalization;
using System.Security.Claims;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Platform.ServiceDefaults.Conditional;

namespace Platform.ServiceDefaults.FeatureFlags.Ofrep;

/// <summary>The HTTP of OFREP: limits, bodies, validators. Its errors have the protocol's form, not that of problem documents.</summary>
internal sealed class OfrepEndpoint : IDisposable
{
    private const string Json = "application/json; charset=utf-8";

    private readonly OfrepEvaluator _evaluator;
    private readonly OfrepOptions _options;
    private readonly ILogger<OfrepEndpoint> _logger;
    private readonly PartitionedRateLimiter<HttpContext> _limiter;

    public OfrepEndpoint(OfrepEvaluator evaluator, IOptions<OfrepOptions> options, ILogger<OfrepEndpoint> logger)
    {
        (_evaluator, _options, _logger) = (evaluator, options.Value, logger);
        _limiter = PartitionedRateLimiter.Create<HttpContext, string>(http => RateLimitPartition.GetTokenBucketLimiter(ClientOf(http), _ => new()
        {
            TokenLimit = _options.Burst,
            TokensPerPeriod = Math.Max(1, _options.RequestsPerSecond / 10),
            ReplenishmentPeriod = _options.RequestsPerSecond >= 10 ? TimeSpan.FromSeconds(0.1) : TimeSpan.FromSeconds(1.0 / _options.RequestsPerSecond),
            QueueLimit = 0,
        }));
    }

    /// <summary>One flag.</summary>
    public Task EvaluateAsync(HttpContext http) => AnswerAsync(http, body =>
    {
        var key = KeyOf(http);
        if (body is null)
        {
            return (400, null, OfrepBodies.TooLarge(key, _options.MaxBodyBytes));
        }

        var (status, answer) = _evaluator.Evaluate(key, body.Value);
        return (status, null, answer);
    });

    /// <summary>All flags.</summary>
    public Task EvaluateAllAsync(HttpContext http) => AnswerAsync(http, body => body is null
        ? (400, null, OfrepBodies.TooLarge(null, _options.MaxBodyBytes))
        : _evaluator.EvaluateAll(body.Value, etag => IsKnown(http.Request, etag), http.Request.PathBase + OfrepExtensions.StreamPath));

    public void Dispose() => _limiter.Dispose();

    private async Task AnswerAsync(HttpContext http, Func<ReadOnlyMemory<byte>?, (int Status, string? ETag, byte[]? Body)> answer)
    {
        using var lease = _limiter.AttemptAcquire(http);
        if (!lease.IsAcquired)
        {
            Refuse(http, lease);
            return;
        }

        try
        {
            var (status, etag, body) = answer(await ReadAsync(http));
            await WriteAsync(http, status, etag, body);
        }
        catch (Exception exception) when (!http.RequestAborted.IsCancellationRequested && !http.Response.HasStarted && exception is not BadHttpRequestException)
        {
            Log.EvaluationFailed(_logger, exception);
            await WriteAsync(http, StatusCodes.Status500InternalServerError, null, OfrepBodies.Failed());
        }
    }

    private static void Refuse(HttpContext http, RateLimitLease lease)
    {
        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var retryAfter) ? retryAfter : TimeSpan.FromSeconds(1);
        http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        http.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
    }

    private static async Task WriteAsync(HttpContext http, int status, string? etag, byte[]? body)
    {
        var response = http.Response;
        response.StatusCode = status;

        // An answer is about one caller: no cache in between may keep it.
        ConditionalResponse.SetCaching(response);
        response.Headers.ETag = etag;
        if (body is not null)
        {
            response.ContentType = Json;
            response.ContentLength = body.Length;
            await response.Body.WriteAsync(body, http.RequestAborted);
        }
    }

    /// <summary>Reads the body, or gives null where it is over the limit.</summary>
    private async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpContext http)
    {
        if (http.Request.ContentLength > _options.MaxBodyBytes)
        {
            return null;
        }

        var buffer = new byte[(int)(http.Request.ContentLength ?? 4096) + 1];
        var length = 0;
        while (true)
        {
            var read = await http.Request.Body.ReadAsync(buffer.AsMemory(length), http.RequestAborted);
            if (read == 0)
            {
                return buffer.AsMemory(0, length);
            }

            length += read;
            if (length > _options.MaxBodyBytes)
            {
                return null;
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, Math.Min(buffer.Length * 2, _options.MaxBodyBytes + 1));
            }
        }
    }

    // Some clients keep the slashes of a key and some encode them, and the server leaves an encoded slash as it is: so the key is read from
    // the target as it was sent.
    private static string KeyOf(HttpContext http)
    {
        const string before = OfrepExtensions.EvaluatePath + "/";
        var target = http.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        var start = target.IndexOf(before, StringComparison.Ordinal);
        if (start < 0)
        {
            return (string?)http.Request.RouteValues["key"] ?? "";
        }

        var key = target.AsSpan(start + before.Length);
        var query = key.IndexOf('?');
        return Uri.UnescapeDataString(query < 0 ? key : key[..query]);
    }

    private static bool IsKnown(HttpRequest request, string etag)
    {
        var known = request.Headers.IfNoneMatch;
        if (known is [var only] && only == etag)
        {
            return true;
        }

        return EntityTagHeaderValue.TryParseList(known, out var list)
            && list.Any(tag => tag.Tag == "*" || tag.Tag.Equals(etag, StringComparison.Ordinal));
    }

    private static string ClientOf(HttpContext http) =>
        http.User.FindFirstValue("client_id") ?? http.User.FindFirstValue("sub") ?? http.Connection.RemoteIpAddress?.ToString() ?? "";
}

/// <summary>The endpoint holds its own limit of the body and answers in its own form: the host's limit lets it be.</summary>
internal sealed class OwnBodyLimit : IRequestSizeLimitMetadata
{
    public long? MaxRequestBodySize => null;
}
