using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Platform.Errors;

namespace Platform.ServiceDefaults.Errors;

/// <summary>Serves a page for each error, which problem documents lead to (RFC 9457, section 3.1.1).</summary>
public static partial class ErrorPages
{
    /// <summary>Where the pages are.</summary>
    public const string Path = "/errors";

    /// <summary>Maps <c>/errors</c> and <c>/errors/{code}</c>, open to everybody.</summary>
    public static void MapErrorPages(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        endpoints.MapGet(Path, (HttpContext http) => Html(http, "Errors", Index())).ExcludeFromDescription().AllowAnonymous();
        endpoints.MapGet($"{Path}/{{code}}", (HttpContext http, string code) =>
            ErrorCode.All.FirstOrDefault(entry => entry.Code == code) is { } entry
                ? Html(http, entry.Code, Page(entry))
                : throw new ErrorException(ErrorCode.ResourceNotFound, "There is no error of this name.")).ExcludeFromDescription().AllowAnonymous();
    }

    private static ContentHttpResult Html(HttpContext http, string title, string body)
    {
        http.Response.Headers.CacheControl = "public, max-age=3600";
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'";
        return TypedResults.Text(
            $"<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{title}</title><style>body{{font-family:sans-serif;max-width:45em;margin:2em auto;line-height:1.5}}td{{padding:.2em .6em}}</style><body>{body}",
            "text/html; charset=utf-8");
    }

    private static string Index()
    {
        var text = new StringBuilder("<h1>Errors</h1><table>");
        foreach (var code in ErrorCode.All)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"<tr><td><a href=\"{Path}/{code.Code}\">{code.Code}</a><td>{code.Status}<td>{Inline(code.Summary)}");
        }

        return text.Append("</table>").ToString();
    }

    private static string Page(ErrorCode code) =>
        $"<h1>{code.Code}</h1><p><b>{code.Status}. {code.Title}.</b> {Inline(code.Summary)}<p>{Inline(code.Advice)} {Inline(ErrorCatalogueText.Long(code.Retry))}<p><a href=\"{Path}\">All errors</a>";

    private static string Inline(string markdown) => Code().Replace(WebUtility.HtmlEncode(markdown), "<code>$1</code>");

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();
}
