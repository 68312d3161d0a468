using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Platform.Conditional;

namespace Platform.ServiceDefaults.Http;

/// <summary>Tells clients in time that something of the API goes away.</summary>
public static class DeprecationExtensions
{
    /// <summary>
    /// Sends <c>Deprecation</c> (RFC 9745) and <c>Sunset</c> (RFC 8594) with every answer of the endpoint or group, and a link to what replaces it.
    /// </summary>
    /// <param name="endpoint">An endpoint or a group, such as all of <c>/api/v1</c>.</param>
    /// <param name="since">From when on it is deprecated.</param>
    /// <param name="sunset">From when on it may be gone; not known by default.</param>
    /// <param name="successor">The address of what replaces it, or of a page about it.</param>
    public static TBuilder Deprecated<TBuilder>(this TBuilder endpoint, DateTimeOffset since, DateTimeOffset? sunset = null, string? successor = null)
        where TBuilder : IEndpointConventionBuilder
    {
        var deprecation = string.Create(CultureInfo.InvariantCulture, $"@{since.ToUnixTimeSeconds()}");
        var end = sunset is { } date ? HttpDate.ToText(date) : null;
        var link = successor is null ? null : $"<{successor}>; rel=\"successor-version\"";
        return endpoint.WithMetadata(new DeprecationMetadata(since, sunset, successor)).AddEndpointFilter(async (context, next) =>
        {
            context.HttpContext.Response.OnStarting(() =>
            {
                var headers = context.HttpContext.Response.Headers;
                headers["Deprecation"] = deprecation;
                if (end is not null)
                {
                    headers["Sunset"] = end;
                }

                if (link is not null)
                {
                    headers.Append("Link", link);
                }

                return Task.CompletedTask;
            });
            return await next(context);
        });
    }
}

/// <summary>Says that an endpoint goes away; for documents.</summary>
/// <param name="Since">From when on it is deprecated.</param>
/// <param name="Sunset">From when on it may be gone, if that is known.</param>
/// <param name="Successor">The address of what replaces it.</param>
public sealed record DeprecationMetadata(DateTimeOffset Since, DateTimeOffset? Sunset, string? Successor);
