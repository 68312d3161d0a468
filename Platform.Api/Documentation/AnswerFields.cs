using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Platform.ServiceDefaults.Conditional;
using Platform.ServiceDefaults.Http;
using Platform.ServiceDefaults.Idempotency;

namespace Platform.Api.Documentation;

// The header fields of answers. Written once among the components; every response says which of them it has.
internal sealed class AnswerFields : IOpenApiOperationTransformer
{
    private static readonly string[] Always = ["Cache-Control!", "X-Response-Time-Ms", "Server-Timing", "X-Correlation-Id", "X-Trace-Id"];
    private static readonly string[] Limits = ["RateLimit", "RateLimit-Policy"];

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var reads = metadata.OfType<VersionedMetadata>().Any() || OwnTag(metadata);
        var writes = metadata.OfType<RequiresVersionMetadata>().Any() || metadata.OfType<TakesTagMetadata>().Any();
        var repeats = metadata.OfType<IdempotentMetadata>().Any();
        var leaves = metadata.OfType<DeprecationMetadata>().Any();
        operation.Deprecated = leaves;
        foreach (var (status, response) in operation.Responses?.Where(response => response.Value is OpenApiResponse) ?? [])
        {
            List<string> names = [.. Always];

            // The rest answers 304 before limits are looked at.
            names.AddRange(status == "304" && !OwnTag(metadata) ? [] : Limits);
            names.AddRange(status switch
            {
                "200" when reads => ["ETag!", "Last-Modified", "Vary!"],
                "304" => ["ETag!", "Vary!"],
                "201" => ["Location!", "ETag"],
                "202" => ["Location"],
                "200" when writes || repeats => ["ETag", "Last-Modified", "Content-Location"],
                _ => [],
            });
            names.AddRange(status == "200" && operation.Parameters?.Any(parameter => parameter.Name == "cursor") is true ? ["Link"] : []);
            names.AddRange(repeats && status[0] == '2' ? ["Idempotency-Replayed"] : []);
            names.AddRange(((OpenApiResponse)response).Content?.ContainsKey("text/event-stream") is true ? ["X-Accel-Buffering"] : []);
            names.AddRange(leaves ? ["Deprecation", "Sunset", "Link"] : []);
            ((OpenApiResponse)response).Headers = Of(context.Document!, names);
        }

        return Task.CompletedTask;
    }

    // Found out by the endpoint itself.
    private static bool OwnTag(IList<object> metadata) => metadata.Any(item => item is ShowsTagMetadata or TaggedBodyMetadata);

    /// <summary>The fields of an error.</summary>
    public static Dictionary<string, IOpenApiHeader> OfError(OpenApiDocument document, int status) => Of(document, [.. Always, .. Limits, .. status switch
    {
        StatusCodes.Status401Unauthorized => (string[])["WWW-Authenticate", "DPoP-Nonce"],
        StatusCodes.Status403Forbidden => ["WWW-Authenticate"],
        StatusCodes.Status409Conflict or StatusCodes.Status503ServiceUnavailable => ["Retry-After"],
        StatusCodes.Status410Gone => ["Link"],
        StatusCodes.Status429TooManyRequests => ["Retry-After!"],
        _ => [],
    }]);

    private static Dictionary<string, IOpenApiHeader> Of(OpenApiDocument document, IEnumerable<string> names)
    {
        var headers = new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal);
        foreach (var name in names.Distinct(StringComparer.Ordinal))
        {
            // A component is required or is not: those that are always there on some answers have two.
            var (field, component) = name.EndsWith('!') ? (name[..^1], $"{name[..^1]}-Always") : (name, name);
            document.AddComponent<IOpenApiHeader>(component, Describe(field, name.EndsWith('!') || field is "X-Response-Time-Ms" or "Server-Timing" or "X-Correlation-Id"));
            headers[field] = new OpenApiHeaderReference(component, document);
        }

        return headers;
    }

    private static OpenApiHeader Describe(string name, bool required)
    {
        var (description, schema) = name switch
        {
            "Cache-Control" => ("Who may keep the answer: its client alone, who asks each time whether it is still good, or nobody.", Text("no-store|private|no-cache", example: "private, no-cache")),
            "Vary" => ("What the answer depends on besides its address.", Text("Authorization", example: "Authorization, Accept-Encoding")),
            "X-Response-Time-Ms" => ("How long the server took until the answer began, in milliseconds.", Text(@"^\d+\.\d\d$", example: "1.27")),
            "Server-Timing" => ("Where the time went (W3C Server-Timing): `total`; for operators also `db` and `redis`.", Text("^total;dur=", example: "total;dur=1.27")),
            "X-Correlation-Id" => ("The caller's own id for what it asked, taken over from its request; made when there was none.", Text(example: "019b7892-3f28-7000-8001-00000000000a")),
            "X-Trace-Id" => ("Finds the request in traces and logs.", Text("^[0-9a-f]{32}$", example: "4bf92f3577b34da6a3ce929d0e0e4736")),
            "RateLimit" => ("What is left of the limit (draft-ietf-httpapi-ratelimit-headers-10): its class, requests remaining, seconds until all of it is there again.", Text(@"^""[^""]+"";r=\d+;t=\d+$", example: "\"read\";r=29998;t=1")),
            "RateLimit-Policy" => ("The limit of the class: requests in a window of seconds.", Text(@"^""[^""]+"";q=\d+;w=\d+$", example: "\"read\";q=30000;w=60")),
            "ETag" => ("The version of what is shown, for `If-None-Match` and `If-Match`.", Text("^\"[^\"]*\"$", example: "\"1-64f2a1b0c3-9d3f01\"")),
            "Last-Modified" => ("When it was changed last; from a minute after that on.", Text(" GMT$", example: "Thu, 01 Jan 2026 03:04:05 GMT")),
            "Location" => ("The path of the new resource.", Text(format: "uri-reference", example: "/api/v1/products/019b7892-79c0-7000-8002-000000000019")),
            "Content-Location" => ("The path whose GET would give the same body.", Text(format: "uri-reference", example: "/api/v1/products/019b7892-79c0-7000-8002-000000000019")),
            "Link" => ("Addresses with their relation (RFC 8288): `first` and `next` of a list, `start` of what is gone, `successor-version`.", Text(example: "</api/v1/products?limit=20>; rel=\"first\"")),
            "Idempotency-Replayed" => ("Says that this is the answer that the first request with the key got.", Text("^true$", example: "true")),
            "Retry-After" => ("Seconds to wait before the next try.", Text(@"^\d+$", example: "1")),
            "WWW-Authenticate" => ("What a token would have to be (RFC 6750, section 3; RFC 9449, section 7.1).", Text(example: "Bearer")),
            "DPoP-Nonce" => ("The nonce that the next proof has to hold (RFC 9449, section 9).", Text()),
            "X-Accel-Buffering" => ("Tells proxies to pass events on at once.", Text("^no$", example: "no")),
            "Deprecation" => ("Since when the operation is deprecated (RFC 9745).", Text(@"^@\d+$", example: "@1767225600")),
            "Sunset" => ("From when on it may be gone (RFC 8594).", Text(" GMT$", example: "Thu, 01 Jan 2027 00:00:00 GMT")),
            _ => throw new ArgumentOutOfRangeException(nameof(name)),
        };
        return new OpenApiHeader { Description = description, Required = required, Schema = schema };
    }

    private static OpenApiSchema Text(string? pattern = null, string? format = null, string? example = null) => new()
    {
        Type = JsonSchemaType.String,
        Pattern = pattern,
        Format = format,
        Examples = example is null ? null : [example],
    };
}
