using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Platform.Errors;
using Platform.ServiceDefaults.Conditional;
using Platform.ServiceDefaults.Errors;
using Platform.ServiceDefaults.Idempotency;

namespace Platform.Api.Documentation;

// Gives every operation its errors: one response a status, with the codes it can carry and an example of each.
internal sealed class ErrorResponses : IOpenApiOperationTransformer
{
    private static readonly ErrorCode[] Everywhere =
    [
        ErrorCode.Unauthenticated, ErrorCode.Unauthorized, ErrorCode.Forbidden, ErrorCode.TokenBindingViolation, ErrorCode.RateLimitExceeded,
        ErrorCode.InternalError, ErrorCode.DatabaseError, ErrorCode.ServiceUnavailable, ErrorCode.Timeout,
    ];

    public async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var schema = await context.GetOrCreateSchemaAsync(typeof(ProblemDocument), null, cancellationToken);
        context.Document!.AddComponent(nameof(ProblemDocument), schema);

        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var codes = metadata.OfType<RefusalMetadata>()
            .SelectMany(refusal => refusal.Codes)
            .Concat(Everywhere)
            .Concat(metadata.Any(item => item is VersionedMetadata or HonoursTagMetadata or TaggedBodyMetadata || (item is ShowsTagMetadata && context.Description.HttpMethod == "GET")) ? [ErrorCode.PreconditionFailed] : [])
            .Concat(context.Description.HttpMethod == "GET" ? [] : [ErrorCode.PreconditionFailed])
            .Concat(metadata.OfType<RequiresVersionMetadata>().Any() ? [ErrorCode.PreconditionFailed, ErrorCode.PreconditionRequired] : [])
            .Concat(operation.Parameters?.Any(parameter => parameter.In is ParameterLocation.Query) is true || metadata.OfType<RefusalMetadata>().Any(refusal => refusal.Codes.Contains(ErrorCode.ValidationError))
                ? [ErrorCode.InvalidInput, ErrorCode.ValidationError]
                : [])
            .Concat(operation.Parameters?.Any(parameter => parameter is { In: ParameterLocation.Query, Required: true }) is true ? [ErrorCode.MissingRequiredField] : [])
            .Concat(metadata.OfType<IdempotentMetadata>().Any() ? [ErrorCode.InvalidInput, ErrorCode.RequestInFlight, ErrorCode.IdempotencyKeyReused] : [])
            .Distinct()
            .OrderBy(code => code.Code, StringComparer.Ordinal);
        operation.Responses ??= [];
        foreach (var status in codes.GroupBy(code => code.Status).OrderBy(group => group.Key))
        {
            // Shared: many operations have the same, and the document stays small.
            var name = string.Join("_", status.Select(code => code.Code));
            context.Document.AddComponent(name, Response([.. status]));
            operation.Responses[status.Key.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponseReference(name, context.Document);
        }

        OpenApiResponse Response(ErrorCode[] codes) => new()
        {
            Description = string.Join(", or ", codes.Select(code => $"{code.Title} (`{code.Code}`)")),
            Headers = AnswerFields.OfError(context.Document, codes[0].Status),
            Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
            {
                [ProblemDocument.MediaType] = new()
                {
                    Schema = new OpenApiSchema
                    {
                        AllOf =
                        [
                            new OpenApiSchemaReference(nameof(ProblemDocument), context.Document),
                            new OpenApiSchema
                            {
                                Type = JsonSchemaType.Object,
                                Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
                                {
                                    ["code"] = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. codes.Select(JsonNode (code) => code.Code)] },
                                },
                            },
                        ],
                    },
                    Examples = codes.ToDictionary(
                        code => code.Code, IOpenApiExample (code) => new OpenApiExample { Value = Example(code) }, StringComparer.Ordinal),
                },
            },
        };
    }

    private static JsonObject Example(ErrorCode code)
    {
        var example = new JsonObject
        {
            ["type"] = ProblemDocument.TypeOf(code),
            ["title"] = code.Title,
            ["status"] = code.Status,
            ["detail"] = code.Title,
            ["code"] = code.Code,
            ["traceId"] = "4bf92f3577b34da6a3ce929d0e0e4736",
            ["timestamp"] = "2026-01-02T03:04:05.678901Z",
        };
        if (code == ErrorCode.MissingRequiredField)
        {
            example["errors"] = new JsonArray(new JsonObject
            {
                ["pointer"] = "/reason",
                ["code"] = "required",
                ["message"] = "A value is required.",
            });
        }
        else if (code == ErrorCode.ValidationError)
        {
            example["errors"] = new JsonArray(new JsonObject
            {
                ["pointer"] = "/lines/0/quantity",
                ["code"] = "out_of_range",
                ["message"] = "A quantity is between 1 and 1000.",
            });
        }

        return example;
    }
}
