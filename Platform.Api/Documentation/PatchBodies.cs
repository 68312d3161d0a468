using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Platform.Api.Documentation;

// Patches are read as any JSON, so that null can be told from absent; the document says of what they are patches.
internal sealed class PatchBodies : IOpenApiOperationTransformer
{
    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<PatchMetadata>().FirstOrDefault() is { } patch)
        {
            foreach (var media in operation.RequestBody?.Content?.Values ?? [])
            {
                media.Schema = new OpenApiSchemaReference(patch.Type.Name, context.Document);
            }
        }

        return Task.CompletedTask;
    }
}
