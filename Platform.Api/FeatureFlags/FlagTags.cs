using System.Globalization;
using Microsoft.Net.Http.Headers;
using Platform.Errors;

namespace Platform.Api.FeatureFlags;

/// <summary>Entity tags of flags (RFC 9110, section 8.8.3): the version of the document that changed the item last.</summary>
internal static class FlagTags
{
    public static string Of(long version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    /// <summary>
    /// The version that a write expects (RFC 9110, section 13.1.1): that of <c>If-Match</c>, or null, no item at all, for <c>If-None-Match: *</c>.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="current">The version that the item has now; null where there is none.</param>
    /// <exception cref="ErrorException">There is no precondition (428, RFC 6585, section 3), or none of the tags fits (412).</exception>
    public static long? Expected(HttpRequest request, long? current)
    {
        var headers = request.GetTypedHeaders();
        if (headers.IfNoneMatch is [{ Tag.Value: "*" }])
        {
            return current is null ? null : throw Stale();
        }

        if (headers.IfMatch is not { Count: > 0 } tags)
        {
            throw new ErrorException(ErrorCode.PreconditionRequired, "Send If-Match with the ETag that you read, or If-None-Match: * to create.");
        }

        return current is { } version && tags.Any(tag => tag.Tag == "*" || (!tag.IsWeak && tag.Tag == Of(version))) ? version : throw Stale();
    }

    /// <summary>Whether the client has this already (RFC 9110, section 13.1.2, weak comparison).</summary>
    public static bool IsKnown(HttpRequest request, string tag) =>
        request.GetTypedHeaders().IfNoneMatch.Any(known => known.Tag == "*" || known.Compare(new EntityTagHeaderValue(tag), useStrongComparison: false));

    private static ErrorException Stale() => new(ErrorCode.PreconditionFailed, "The item was changed by somebody else meanwhile.");
}
