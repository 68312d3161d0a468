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
        var response = http.Response;
        var type = response.ContentType;
        response.ContentType = null;
        if (http.HasCopy(BodyTag.Of(body.WrittenSpan)))
        {
            return;
        }

        response.ContentType = type;
        response.ContentLength = body.WrittenCount;
        await response.Body.WriteAsync(body.WrittenMemory, http.RequestAborted);
    }
}
