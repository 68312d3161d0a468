using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Platform.Api.Customers;
using Platform.Api.Messaging;
using Platform.Api.Orders;
using Platform.Api.Products;
using Platform.Domain.Orders;
using Platform.ServiceDefaults.Errors;

namespace Platform.Api.Documentation;

// Bodies are read into nullable members, so that every absent one is told at once. The document says what the server insists on.
internal sealed class BodySchemas : IOpenApiDocumentTransformer
{
    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var (name, schema) in document.Components?.Schemas ?? new Dictionary<string, IOpenApiSchema>())
        {
            if (schema is not OpenApiSchema { Properties: { } properties } body)
            {
                continue;
            }

            if (name.EndsWith("Request", StringComparison.Ordinal) || name == nameof(DeadLetterFilterBody) || name == nameof(ProblemDocument))
            {
                // What is not required may be left out. Null is for the one member where it means something.
                foreach (var member in properties.Keys.Where(member => (name, member) is not (nameof(OrderChangeRequest), "reference")).ToArray())
                {
                    properties[member] = WithoutNull(properties[member]);
                }
            }

            if (name == nameof(OrderResponse) && properties["status"] is OpenApiSchema status)
            {
                status.Enum = [.. Enum.GetValues<OrderStatus>().Select(JsonNode (value) => OrderStatusText.ToText(value))];
            }

            if (ExampleOf(name) is { } example)
            {
                body.Examples = [JsonNode.Parse(example)!];
            }
        }

        return Task.CompletedTask;
    }

    private static IOpenApiSchema WithoutNull(IOpenApiSchema schema)
    {
        if (schema is OpenApiSchema { OneOf: [OpenApiSchema { Type: JsonSchemaType.Null }, var other] })
        {
            return other;
        }

        if (schema is OpenApiSchema { Type: { } type } typed)
        {
            typed.Type = type & ~JsonSchemaType.Null;
        }

        return schema;
    }

    private static string? ExampleOf(string schema) => schema switch
    {
        nameof(CustomerRequest) => """{ "name": "Ada Moreau", "email": "ada.moreau@example.com" }""",
        nameof(ProductRequest) =>
            """{ "sku": "NB-A5", "name": "Notebook A5", "price": { "amount": 2.50, "currency": "EUR" }, "active": true }""",
        nameof(OrderRequest) =>
            """
            {
              "customerId": "019b7892-3f28-7000-8001-00000000000a",
              "lines": [{ "productId": "019b7892-79c0-7000-8002-000000000019", "quantity": 2 }],
              "reference": "PO-4711"
            }
            """,
        nameof(DeadLettersRequest) =>
            """
            { "filter": { "subscription": "payments", "cause": "failed", "parkedTo": "2026-01-02T03:04:05Z" }, "reason": "The gateway is back." }
            """,
        nameof(DeadLetterReasonRequest) => """{ "reason": "The gateway is back." }""",
        nameof(OrderChangeRequest) => """{ "reference": "PO-4712" }""",
        _ => null,
    };
}
