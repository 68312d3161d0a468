using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Platform.ServiceDefaults.Http;

/// <summary>
/// Headers that make browsers careful, on every response. What has set one by itself keeps it: a page needs another policy than data.
/// </summary>
/// <remarks>
/// Data (JSON, and answers without a body) is spared those that speak of what a document does (<c>Referrer-Policy</c>, <c>Cross-Origin-Opener-Policy</c>,
/// <c>Permissions-Policy</c>): no browser makes a document of it, as <c>X-Content-Type-Options</c> forbids to guess another type.
/// </remarks>
public static class SecurityHeaders
{
    /// <summary>The <c>Content-Security-Policy</c> of data: nothing may be loaded, and nobody may frame it.</summary>
    public const string DataPolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    /// <summary>That of a page with a style sheet and forms of its own host, and without scripts.</summary>
    public const string PagePolicy =
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    // One year, as the preload lists ask for (RFC 6797, section 6.1).
    private const string TransportSecurity = "max-age=31536000; includeSubDomains";

    internal static void Apply(HttpContext context, IHostEnvironment environment)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.Remove("Server");
        Default(headers, "Content-Security-Policy", context.GetEndpoint()?.Metadata.GetMetadata<ContentPolicy>()?.Value ?? DataPolicy);
        Default(headers, "X-Frame-Options", "DENY");
        if (!IsData(context.Response))
        {
            Default(headers, "Referrer-Policy", "no-referrer");
            Default(headers, "Cross-Origin-Opener-Policy", "same-origin");
            Default(headers, "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
        }

        // Over plain HTTP browsers have to ignore it (RFC 6797, section 7.2).
        if (context.Request.IsHttps && !environment.IsDevelopment())
        {
            headers.StrictTransportSecurity = TransportSecurity;
        }
    }

    private static bool IsData(HttpResponse response) => response.ContentType is { } type
        ? type.StartsWith("application/", StringComparison.Ordinal) && type.Contains("json", StringComparison.Ordinal)
        : response.StatusCode is StatusCodes.Status204NoContent or StatusCodes.Status304NotModified;

    private static void Default(IHeaderDictionary headers, string name, string value)
    {
        if (!headers.ContainsKey(name))
        {
            headers[name] = value;
        }
    }
}

/// <summary>Metadata of an endpoint that is a page: its <c>Content-Security-Policy</c>.</summary>
/// <param name="Value">The header's value.</param>
public sealed record ContentPolicy(string Value);
