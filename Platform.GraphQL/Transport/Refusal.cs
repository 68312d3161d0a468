using GraphQLParser;
using Platform.Errors;

namespace Platform.GraphQL.Transport;

/// <summary>Why a request goes no further.</summary>
/// <param name="Code">The entry of the catalogue.</param>
/// <param name="Message">What is wrong, for a person; without anything that was sent.</param>
/// <param name="Form">What the answer looks like.</param>
internal sealed record Refusal(ErrorCode Code, string Message, RefusalForm Form)
{
    /// <summary>The status of the answer; the code's own by default.</summary>
    public int Status { get; init; } = Code.Status;

    /// <summary>The <c>Allow</c> header that a 405 has to carry (RFC 9110, section 15.5.6).</summary>
    public string? Allow { get; init; }

    /// <summary>When to try again, if that helps.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Where in the document, if it is about a place.</summary>
    public Location? Location { get; init; }

    /// <summary>HTTP itself was used wrongly: the answer is problem details (RFC 9457).</summary>
    public static Refusal Http(ErrorCode code, string message, string? allow = null) => new(code, message, RefusalForm.Problem) { Allow = allow };

    /// <summary>It is no well-formed GraphQL-over-HTTP request (section "Request Parameters"): 400, whatever the media type.</summary>
    public static Refusal Malformed(string message) => new(ErrorCode.InvalidInput, message, RefusalForm.MalformedRequest);

    /// <summary>The request is well formed, its document is refused before execution.</summary>
    public static Refusal Document(ErrorCode code, string message, Location? location = null) =>
        new(code, message, RefusalForm.RequestError) { Location = location };
}

/// <summary>What the answer to a refused request looks like.</summary>
internal enum RefusalForm
{
    /// <summary>Problem details, as REST answers.</summary>
    Problem,

    /// <summary>A GraphQL error under its status in both media types.</summary>
    MalformedRequest,

    /// <summary>A GraphQL request error: its status in <c>application/graphql-response+json</c>, 200 in <c>application/json</c>.</summary>
    RequestError,
}
