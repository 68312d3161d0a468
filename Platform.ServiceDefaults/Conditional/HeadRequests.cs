using Microsoft.AspNetCore.Http;

namespace Platform.ServiceDefaults.Conditional;

// HEAD is answered wherever GET is (RFC 9110, section 9.1), with the same fields: it runs as GET, and the server, which knows what came over the
// wire, sends no body.
internal sealed class HeadRequests(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context) =>
        HttpMethods.IsHead(context.Request.Method) ? AsGetAsync(context) : next(context);

    private async Task AsGetAsync(HttpContext context)
    {
        context.Request.Method = HttpMethods.Get;
        try
        {
            await next(context);
        }
        finally
        {
            context.Request.Method = HttpMethods.Head;
        }
    }
}
