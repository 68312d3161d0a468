using Microsoft.Net.Http.Headers;
using Platform.Errors;

namespace Platform.GraphQL.Transport.Steps;

/// <summary>
/// Chooses what the response is encoded in from <c>Accept</c> (sections "Accept" and "Body"; RFC 9110, section 12.5.1).
/// </summary>
/// <remarks>
/// The highest quality wins; between equals <c>application/graphql-response+json</c>. A wildcard, or no header at all, gets
/// <c>application/json</c>: whoever does not name the newer type may not know it. <c>text/event-stream</c> is for subscriptions; anything else is
/// answered by it where nothing else is accepted.
/// </remarks>
internal sealed class NegotiateMediaType : IHttpStep
{
    public ValueTask<Refusal?> RunAsync(GraphQLExchange exchange, CancellationToken cancellationToken)
    {
        exchange.Http.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        var header = exchange.Http.Request.Headers.Accept;
        if (header.Count == 0)
        {
            return default;
        }

        if (!MediaTypeHeaderValue.TryParseList(header, out var accepted))
        {
            accepted = [];
        }

        exchange.AcceptsStream = accepted.Any(range =>
            range.MediaType.Equals(ResponseMediaType.EventStream.Name, StringComparison.OrdinalIgnoreCase) && range.Quality is not 0);
        if ((Choose(accepted) ?? (exchange.AcceptsStream ? ResponseMediaType.EventStream : null)) is not { } mediaType)
        {
            return ValueTask.FromResult<Refusal?>(Refusal.Http(
                ErrorCode.NotAcceptable,
                $"The response can be {ResponseMediaType.GraphQLResponse.Name} or {ResponseMediaType.Json.Name}, in UTF-8."));
        }

        exchange.MediaType = mediaType;
        return default;
    }

    private static ResponseMediaType? Choose(IEnumerable<MediaTypeHeaderValue> accepted)
    {
        var graphql = 0.0;
        double? namedJson = null;
        double? wildcard = null;
        foreach (var range in accepted)
        {
            if (range.Encoding is { } encoding && encoding.WebName != "utf-8")
            {
                continue;
            }

            var quality = range.Quality ?? 1;
            if (range.MediaType.Equals(ResponseMediaType.GraphQLResponse.Name, StringComparison.OrdinalIgnoreCase))
            {
                graphql = Math.Max(graphql, quality);
            }
            else if (range.MediaType.Equals(ResponseMediaType.Json.Name, StringComparison.OrdinalIgnoreCase))
            {
                namedJson = Math.Max(namedJson ?? 0, quality);
            }
            else if (range.MatchesAllTypes || (range.MatchesAllSubTypes && range.Type.Equals("application", StringComparison.OrdinalIgnoreCase)))
            {
                wildcard = Math.Max(wildcard ?? 0, quality);
            }
        }

        // The more specific range decides about a type (RFC 9110, section 12.5.1): "application/json;q=0, */*" refuses it.
        var json = namedJson ?? wildcard ?? 0;
        return (graphql, json) switch
        {
            ( > 0, _) when graphql >= json => ResponseMediaType.GraphQLResponse,
            (_, > 0) => ResponseMediaType.Json,
            _ => null,
        };
    }
}
