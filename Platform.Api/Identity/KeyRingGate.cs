using Microsoft.AspNetCore.Authorization;

namespace Platform.Api.Identity;

// Tokens cannot be issued or checked without the keys, so that what needs them waits for them or is told 503. Before authentication.
internal sealed class KeyRingGate(RequestDelegate next, KeyRing ring)
{
    public async Task InvokeAsync(HttpContext context)
    {
        // The endpoints of the token server are none of routing's, and open ones such as health do without.
        if (ring.Content is null && context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is null)
        {
            await ring.GetAsync(context.RequestAborted);
        }

        await next(context);
    }
}
