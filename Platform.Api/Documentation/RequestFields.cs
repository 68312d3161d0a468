using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Platform.Idempotency;
using Platform.ServiceDefaults.Conditional;
using Platform.ServiceDefaults.Idempotency;

namespace Platform.Api.Documentation;

// The header fields that an operation honours, and the 304 that comes of one of them.
internal sealed class RequestFields : IOpenApiOperationTransformer
{
    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<VersionedMetadata>().Any() || metadata.Any(item => item is ShowsTagMetadata or TaggedBodyMetadata))
        {
            Add(operation, "If-None-Match", "Answers 304 when the present version is one of these entity tags (RFC 9110, section 13.1.2).");
            operation.Responses ??= [];
            operation.Responses["304"] = new OpenApiResponse { Description = "The client's copy is still good." };
        }

        if (metadata.OfType<RequiresVersionMetadata>().FirstOrDefault() is { } version)
        {
            Add(operation, "If-Match", $"The entity tag of the version that is meant (RFC 9110, section 13.1.1).{(version.Always ? " Without it the answer is 428." : "")}");
        }

        if (metadata.OfType<HonoursTagMetadata>().Any())
        {
            Add(operation, "If-Match", "The entity tag of the version that is meant (RFC 9110, section 13.1.1).");
        }

        if (metadata.OfType<TakesTagMetadata>().FirstOrDefault() is { } tag)
        {
            Add(operation, "If-Match", "The entity tag that was read (RFC 9110, section 13.1.1). Without it the answer is 428.");
            if (tag.Creates)
            {
                Add(operation, "If-None-Match", "`*` instead of `If-Match` makes a new one, and only a new one.");
            }
        }

        if (metadata.OfType<IdempotentMetadata>().Any())
        {
            Add(operation, "Idempotency-Key", "Makes the request safe to repeat: the first answer comes again.", IdempotencyKey.MaxLength);
        }

        if (operation.Responses?.Values.Any(response => response.Content?.ContainsKey("text/event-stream") is true) is true)
        {
            Add(operation, "Last-Event-ID", "The `id` of the last event that arrived: it is gone on from there.", 1_100);
        }

        if (metadata.OfType<WebhookSignatureMetadata>().Any())
        {
            Add(operation, "webhook-id", "The id of the message: one that was handled is not handled again.");
            Add(operation, "webhook-timestamp", "When it was signed, in seconds of Unix time.");
        }

        return Task.CompletedTask;
    }

    private static void Add(OpenApiOperation operation, string name, string description, int? maxLength = null)
    {
        operation.Parameters ??= [];
        if (operation.Parameters.FirstOrDefault(parameter => parameter.Name == name) is { } bound)
        {
            operation.Parameters.Remove(bound);
        }

        operation.Parameters.Add(new OpenApiParameter
        {
            Name = name,
            In = ParameterLocation.Header,
            Description = description,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = maxLength },
        });
    }
}
