using Microsoft.AspNetCore.Antiforgery;
using Platform.ServiceDefaults.Http;

namespace Platform.Api.Identity.Pages;

/// <summary>What every page has: the document around it, headers, forms with their token. No page needs a script.</summary>
internal static class Page
{
    public static IResult Render(HttpContext http, string title, Markup body, int status = StatusCodes.Status200OK, string? goOn = null)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.ContentSecurityPolicy = SecurityHeaders.PagePolicy;
        var refresh = goOn is null ? Markup.Empty : Markup.Of($"""<meta http-equiv="refresh" content="0;url={goOn}">""");
        var html = Markup.Of($"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="robots" content="noindex">
            {refresh}
            <title>{title} - Platform</title>
            <link rel="stylesheet" href="{AccountPaths.Style}">
            </head>
            <body>
            <main>
            <p class="brand">Platform</p>
            <h1>{title}</h1>
            {body}
            </main>
            </body>
            </html>

            """);
        return Results.Content(html.Text, "text/html; charset=utf-8", statusCode: status);
    }

    /// <summary>A form that this host's own pages alone can send.</summary>
    public static Markup Form(HttpContext http, IAntiforgery antiforgery, string action, Markup fields)
    {
        var token = antiforgery.GetAndStoreTokens(http);
        return Markup.Of($"""
            <form method="post" action="{action}">
            <input type="hidden" name="{token.FormFieldName}" value="{token.RequestToken}">
            {fields}
            </form>
            """);
    }

    public static Markup Hidden(string name, string value) => Markup.Of($"""<input type="hidden" name="{name}" value="{value}">""");

    /// <summary>What went wrong, read out by screen readers at once.</summary>
    public static Markup Problem(string? text) => text is null ? Markup.Empty : Markup.Of($"""<p class="problem" role="alert" id="problem">{text}</p>""");

    /// <summary>
    /// Leads on without a redirect: browsers hold a form's redirects to the policy of its page (CSP, <c>form-action</c>), and the way may lead to
    /// the client.
    /// </summary>
    public static IResult GoOn(HttpContext http, string address) => Render(
        http, "One moment", Markup.Of($"""<p><a href="{address}">Go on</a></p>"""), goOn: address);
}
