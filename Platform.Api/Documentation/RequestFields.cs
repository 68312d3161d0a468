using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Platform.Idempotency;
using Platform.ServiceDefaults.Conditional;
using Platform.ServiceDefaults.Idempotency;

namespace Platform.Api.Documentation;

// The header fields that an operation honours, and those that its answers carry.
internal sealed class RequestFields : IOpenApiOperationTransformer
{
    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<VersionedMetadata>().Any())
        {
            Add(operation, "If-None-Match", "Answers 304 when the present version is one of these entity tags (RFC 9110, section 13.1.2).");
            operation.Responses ??= [];
            operation.Responses["304"] = new OpenApiResponse { Description = "The client's copy is still good.", Headers = ETag() };
            if (operation.Responses.GetValueOrDefault("200") is OpenApiResponse ok)
            {
                ok.Headers = ETag();
            }
        }

        if (metadata.OfType<RequiresVersionMetadata>().Any())
        {
            Add(operation, "If-Match", "The entity tag of the version that is meant (RFC 9110, section 13.1.1).");
        }

        if (metadata.OfType<IdempotentMetadata>().Any())
        {
            Add(operation, "Idempotency-Key", "Makes the request safe to repeat: the first answer comes again.", IdempotencyKey.MaxLength);
        }

        return Task.CompletedTask;
    }

    private static void Add(OpenApiOperation operation, string name, string description, int? maxLength = null)
    {
        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = name,
            In = ParameterLocation.Header,
            Description = description,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = maxLength },
        });
    }

    private static Dictionary<string, IOpenApiHeader> ETag() => new(StringComparer.Ordinal)
    {
        ["ETag"] = new OpenApiHeader { Description = "The version of what is shown.", Schema = new OpenApiSchema { Type = JsonSchemaType.String } },
    };
}
