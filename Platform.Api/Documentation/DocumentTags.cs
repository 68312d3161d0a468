using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Platform.Api.Documentation;

/// <summary>What belongs together, and what it is about.</summary>
internal sealed class DocumentTags : IOpenApiDocumentTransformer
{
    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var tag in document.Tags ?? new HashSet<OpenApiTag>())
        {
            tag.Description = tag.Name switch
            {
                "Customers" => "Who orders.",
                "Products" => "What can be ordered.",
                "Orders" => "What was ordered, paid and sent.",
                "Sync" => "Keeps a client in step, offline changes included.",
                "Webhooks" => "What other systems tell.",
                "Flags" => "Feature flags, switches, samples and segments: their rules, answers, history and plans.",
                "Audit" => "Who did what.",
                "Messaging" => "Subscriptions, lanes and recurring jobs, for operators.",
                "Dead letters" => "Events that were given up, for operators.",
                "Secrets" => "How secrets stand and are rotated, never a value, for operators.",
                "Subjects" => "What people may ask of who holds their data.",
                "Budgets" => "What routes have to keep and what they do, for operators.",
                "Logging" => "How much is logged, for operators.",
                "Breakers" => "Circuit breakers of all replicas, for operators.",
                _ => null,
            };
        }

        return Task.CompletedTask;
    }
}
