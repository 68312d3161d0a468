using System.Net;

namespace Platform.GraphQL.Transport;

/// <summary>What a response is encoded in (GraphQL over HTTP, section "Media Types").</summary>
internal sealed class ResponseMediaType
{
    /// <summary>The preferred one: says that the body is GraphQL whatever the status.</summary>
    public static readonly ResponseMediaType GraphQLResponse = new("application/graphql-response+json");

    /// <summary>For older clients, which take a body for GraphQL's only under 200.</summary>
    public static readonly ResponseMediaType Json = new("application/json");

    /// <summary>For subscriptions, and for clients that read nothing else (GraphQL over Server-Sent Events, "Distinct connections mode").</summary>
    public static readonly ResponseMediaType EventStream = new("text/event-stream");

    private ResponseMediaType(string name)
    {
        Name = name;
        ContentType = name + "; charset=utf-8";
    }

    /// <summary>The media type without parameters.</summary>
    public string Name { get; }

    /// <summary>The value of the <c>Content-Type</c> header.</summary>
    public string ContentType { get; }

    /// <summary>The status of a GraphQL request error (an answer without <c>data</c>).</summary>
    /// <param name="status">The status that fits the error.</param>
    /// <remarks>
    /// Appendix "application/json responses": 200 for every well-formed request. A failure of the server stays what it is, so
    /// that balancers and monitors see it; the September 2026 edition asks for that in both media types. An event stream tells everything by its
    /// events, because <c>EventSource</c> shows a page nothing of a stream that did not begin.
    /// </remarks>
    public int StatusOfRequestError(int status) =>
        this == EventStream || (this == Json && status < (int)HttpStatusCode.InternalServerError) ? (int)HttpStatusCode.OK : status;
}
