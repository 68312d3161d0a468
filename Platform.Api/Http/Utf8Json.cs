using System.Net.Http.Headers;
using Platform.Errors;

namespace Platform.Api.Http;

// JSON between systems is UTF-8 (RFC 8259, section 8.1). The framework would convert other encodings, and fails on names that it does not know.
internal sealed class Utf8Json(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.HasJsonContentType()
            && MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type)
            && type.CharSet is { } charset
            && !charset.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            throw new ErrorException(ErrorCode.UnsupportedMediaType, "The body has to be application/json in UTF-8.");
        }

        return next(context);
    }
}
