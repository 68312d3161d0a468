using System.Buffers;
using Platform.Conditional;
using Platform.ServiceDefaults.Conditional;

namespace Platform.GraphQL.Transport;

/// <summary>
/// Answers a GET under its conditions (RFC 9110, section 13): the entity tag is a digest of the body, so 304 saves the way, not the work. What has
/// errors has none.
/// </summary>
internal static class ConditionalGet
{
    /// <summary>Writes the body, or 304 when the client has it.</summary>
    public static async Task WriteAsync(HttpContext http, Action<IBufferWriter<byte>> write)
    {
        var body = new ArrayBufferWriter<byte>();
        write(body);
        var tag = BodyTag.Of(body.WrittenSpan);
        var response = http.Response;
        response.Headers.ETag = tag;

        // The client's alone, and asked about each time: who may read it can change.
        response.Headers.CacheControl = "private, no-cache";
        response.Headers.Append("Vary", "Authorization");
        switch (http.Request.Preconditions().Evaluate(isRead: true, new Validators(tag, LastModified: null)))
        {
            case PreconditionResult.NotModified:
                response.StatusCode = StatusCodes.Status304NotModified;
                response.ContentType = null;
                return;
            case PreconditionResult.Failed:
                throw WriteCondition.Failed();
        }

        response.ContentLength = body.WrittenCount;
        await response.Body.WriteAsync(body.WrittenMemory, http.RequestAborted);
    }
}
