using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Platform.Conditional;

namespace Platform.ServiceDefaults.Conditional;

/// <summary>Takes the conditions out of a request.</summary>
public static class RequestPreconditions
{
    /// <summary>Reads the four header fields of RFC 9110, section 13.1.</summary>
    public static Preconditions Preconditions(this HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var headers = request.Headers;
        return new(Joined(headers.IfMatch), Joined(headers.IfNoneMatch), Joined(headers.IfModifiedSince), Joined(headers.IfUnmodifiedSince));
    }

    /// <summary>
    /// The version that a request means to change; null when it names none.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="stamp">How the resource is shown (<see cref="RowVersion.ToTag"/>).</param>
    public static WriteCondition? WriteCondition(this HttpRequest request, string stamp) =>
        request.Preconditions() is { IsEmpty: false } conditions ? new WriteCondition(conditions, stamp) : null;

    // Several lines of a field are one list (section 5.3). Two dates are none.
    private static string? Joined(StringValues values) => values.Count switch
    {
        0 => null,
        1 => values[0],
        _ => string.Join(", ", values.AsEnumerable()),
    };
}
