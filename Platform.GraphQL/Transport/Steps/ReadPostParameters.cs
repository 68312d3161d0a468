using System.Text.Json;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Platform.Errors;

namespace Platform.GraphQL.Transport.Steps;

/// <summary>
/// Takes the parameters of a POST from its JSON body (sections "POST" and "JSON Encoding"): 415 for another media type, 413 for a body
/// over the limit, 400 for one that is not a well-formed request.
/// </summary>
/// <remarks>
/// Only <c>application/json</c> is read. A browser asks before it sends that to another origin (Fetch, "CORS protocol"), so a form
/// on a foreign page cannot post here.
/// </remarks>
internal sealed class ReadPostParameters(IOptions<GraphQLOptions> options) : IHttpStep
{
    private readonly int _limit = options.Value.MaxBodyBytes;
    private readonly int _batchLimit = options.Value.MaxBatchOperations;

    public async ValueTask<Refusal?> RunAsync(GraphQLExchange exchange, CancellationToken cancellationToken)
    {
        var request = exchange.Http.Request;
        if (!HttpMethods.IsPost(request.Method) || ReadUploads.Takes(request, options.Value))
        {
            return null;
        }

        if (!IsJson(request))
        {
            return Refusal.Http(ErrorCode.UnsupportedMediaType, "The body is application/json in UTF-8, without a content encoding.");
        }

        if (request.ContentLength > _limit)
        {
            return TooLarge();
        }

        // One byte more than allowed tells that a body of unannounced length is too long, without reading on.
        var body = request.BodyReader;
        var read = await body.ReadAtLeastAsync(_limit + 1, cancellationToken);
        try
        {
            if (read.Buffer.Length > _limit)
            {
                return TooLarge();
            }

            using var json = JsonDocument.Parse(read.Buffer, RequestJson.DocumentOptions);
            if (json.RootElement.ValueKind is JsonValueKind.Array && _batchLimit > 0)
            {
                return ReadBatch(exchange, json.RootElement);
            }

            if (!RequestJson.TryRead(json.RootElement, out var parameters, out var refusal))
            {
                return refusal;
            }

            exchange.Parameters = parameters;
            return null;
        }
        catch (JsonException)
        {
            return Refusal.Malformed("The body is not JSON.");
        }
        catch (InvalidOperationException)
        {
            // Text that is no Unicode (broken UTF-8, half a surrogate pair) passes the parser and fails when it is taken out.
            return Refusal.Malformed("The body holds text that is not UTF-8.");
        }
        finally
        {
            body.AdvanceTo(read.Buffer.End);
        }
    }

    // No part of the specification: what Apollo's and others' batching links send, a list of requests that is answered by a list.
    private Refusal? ReadBatch(GraphQLExchange exchange, JsonElement items)
    {
        var count = items.GetArrayLength();
        if (count == 0)
        {
            return Refusal.Malformed("The batch is empty.");
        }

        if (count > _batchLimit)
        {
            return Refusal.Malformed($"A batch has at most {_batchLimit} operations.") with { Code = ErrorCode.ComplexityLimitExceeded };
        }

        if (count > 1 && exchange.Http.Request.Headers.ContainsKey("Idempotency-Key"))
        {
            return Refusal.Malformed("One Idempotency-Key cannot stand for a batch: give each mutation a key in its input.");
        }

        exchange.Batch = [.. items.EnumerateArray().Select(item => RequestJson.TryRead(item, out var parameters, out var refusal) ? (parameters, null) : ((RequestParameters?)null, refusal))];
        return null;
    }

    private static bool IsJson(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals(ResponseMediaType.Json.Name, StringComparison.OrdinalIgnoreCase)
        && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        && request.Headers.ContentEncoding.Count == 0;

    private Refusal TooLarge() => Refusal.Http(ErrorCode.PayloadTooLarge, $"A request has at most {_limit} bytes.");
}
