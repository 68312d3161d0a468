using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http.Metadata;
using Platform.Errors;

namespace Platform.Api.Http;

// JSON between systems is UTF-8 (RFC 8259, section 8.1). The framework would convert other encodings, and fails on names that it does not know.
// A body that becomes an argument is kept while it is read: when it does not fit, all that is wrong with it is looked for.
internal sealed class JsonBodies(RequestDelegate next)
{
    private const int MostKept = 64 * 1_024;

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (HttpMethods.IsGet(request.Method) || !request.HasJsonContentType())
        {
            return next(context);
        }

        if (MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && type.CharSet is { } charset
            && !charset.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            throw new ErrorException(ErrorCode.UnsupportedMediaType, "The body has to be application/json in UTF-8.");
        }

        if (request.ContentLength is null or (> 0 and <= MostKept) && context.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType is not null)
        {
            request.EnableBuffering((int)(request.ContentLength ?? MostKept));
        }

        return next(context);
    }
}
