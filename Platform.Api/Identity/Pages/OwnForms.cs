using Microsoft.AspNetCore.Antiforgery;

namespace Platform.Api.Identity.Pages;

// What changes something comes from a form of this host's own, in the browser that it was shown in.
internal sealed class OwnForms(IAntiforgery antiforgery) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (HttpMethods.IsPost(http.Request.Method))
        {
            try
            {
                await antiforgery.ValidateRequestAsync(http);
            }
            catch (AntiforgeryValidationException)
            {
                return Page.Render(
                    http,
                    "The form is too old",
                    Markup.Of($"""<p>It was not sent from this site, or the browser keeps no cookies. <a href="{AccountPaths.Login}">Start again</a></p>"""),
                    StatusCodes.Status400BadRequest);
            }
        }

        return await next(context);
    }
}
