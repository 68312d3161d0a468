using System.Globalization;
using Platform.Conditional;
using Platform.Errors;
using Platform.ServiceDefaults.Conditional;

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
    /// <exception cref="ErrorException">There is no precondition (428, RFC 6585, section 3), or it fails (412).</exception>
    public static long? Expected(HttpRequest request, long? current)
    {
        var conditions = request.Preconditions();
        if (conditions.IfMatch is null && !(conditions.IfNoneMatch is { } none && EntityTag.IsAny(none)))
        {
            throw new ErrorException(ErrorCode.PreconditionRequired, "Send If-Match with the ETag that you read, or If-None-Match: * to create.");
        }

        return conditions.Evaluate(isRead: false, current is { } version ? new Validators(Of(version), LastModified: null) : null) is PreconditionResult.Proceed
            ? current
            : throw WriteCondition.Failed();
    }
}
