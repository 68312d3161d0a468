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
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new DeprecationMetadata(since, sunset, successor));

    // Of every answer, also of one that is given before the endpoint runs: 304, 401, 429.
    internal static void Apply(Endpoint? endpoint, IHeaderDictionary headers)
    {
        if (endpoint?.Metadata.GetMetadata<DeprecationMetadata>() is not { } leaves)
        {
            return;
        }

        headers["Deprecation"] = leaves.Deprecation;
        if (leaves.End is { } end)
        {
            headers["Sunset"] = end;
        }

        if (leaves.Link is { } link)
        {
            headers.Append("Link", link);
        }
    }
}

/// <summary>Says that an endpoint goes away.</summary>
/// <param name="Since">From when on it is deprecated.</param>
/// <param name="Sunset">From when on it may be gone, if that is known.</param>
/// <param name="Successor">The address of what replaces it.</param>
public sealed record DeprecationMetadata(DateTimeOffset Since, DateTimeOffset? Sunset, string? Successor)
{
    internal string Deprecation { get; } = string.Create(CultureInfo.InvariantCulture, $"@{Since.ToUnixTimeSeconds()}");

    internal string? End { get; } = Sunset is { } date ? HttpDate.ToText(date) : null;

    internal string? Link { get; } = Successor is null ? null : $"<{Successor}>; rel=\"successor-version\"";
}
