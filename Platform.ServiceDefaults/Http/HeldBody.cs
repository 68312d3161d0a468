using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Platform.ServiceDefaults.Http;

internal static class HeldBody
{
    /// <summary>Lets an answer be written, and holds its body back: nothing of it is sent until what follows from it is known.</summary>
    /// <param name="context">The request.</param>
    /// <param name="answer">Writes the answer.</param>
    /// <returns>The body.</returns>
    public static async Task<ReadOnlyMemory<byte>> OfAsync(HttpContext context, Func<Task> answer)
    {
        var real = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        using var body = new MemoryStream();
        var held = new StreamResponseBodyFeature(body);
        context.Features.Set<IHttpResponseBodyFeature>(held);
        try
        {
            await answer();
            await held.CompleteAsync();
        }
        finally
        {
            context.Features.Set(real);
        }

        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }
}
