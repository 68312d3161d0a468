using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;

namespace Platform.Api.Http;

// Kestrel's own limit closes the connection while the client still sends, and many clients then never see the answer. So the limit is
// held here, Kestrel reads away what is left of a body that is not far above it, and its own limit cuts off the rest.
internal sealed class BodyLimit(RequestDelegate next, IOptions<RequestLimitOptions> limits)
{
    private readonly int _maxBytes = limits.Value.MaxBodyBytes;

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (context.GetEndpoint()?.Metadata.GetMetadata<IRequestSizeLimitMetadata>() is { MaxRequestBodySize: null })
        {
            // It holds a limit of its own.
            return next(context);
        }

        var maxBytes = context.GetEndpoint()?.Metadata.GetMetadata<BodyLimitMetadata>() is { } own ? Raised(context, own.MaxBytes) : _maxBytes;
        if (request.ContentLength > maxBytes)
        {
            throw LimitedBody.TooLarge();
        }

        // A body of unknown length is counted as it is read.
        if (request.ContentLength is null && context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody is not false)
        {
            request.Body = new LimitedBody(request.Body, maxBytes);
        }

        return next(context);
    }

    private static int Raised(HttpContext context, int maxBytes)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } kestrel && kestrel.MaxRequestBodySize < maxBytes + RequestLimits.ReadAwayBytes)
        {
            kestrel.MaxRequestBodySize = maxBytes + RequestLimits.ReadAwayBytes;
        }

        return maxBytes;
    }
}

/// <summary>An endpoint takes bodies of another size than the rest.</summary>
/// <param name="MaxBytes">The largest, in bytes.</param>
internal sealed record BodyLimitMetadata(int MaxBytes);
