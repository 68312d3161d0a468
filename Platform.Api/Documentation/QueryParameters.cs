using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Platform.Domain.Orders;
using Platform.Domain.Paging;

namespace Platform.Api.Documentation;

// Query parameters are bound as texts, so that each error is told by field; the document says what they have to be.
internal sealed class QueryParameters : IOpenApiOperationTransformer
{
    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            if (parameter.In is ParameterLocation.Query && Describe(parameter.Name) is var (description, schema))
            {
                (parameter.Description, parameter.Schema) = (description, schema);
            }
        }

        return Task.CompletedTask;
    }

    private static (string Description, OpenApiSchema Schema)? Describe(string? name) => name switch
    {
        "limit" => ("The most items to answer with.", new()
        {
            Type = JsonSchemaType.Integer,
            Minimum = "1",
            Maximum = PageRequest.MaxLimit.ToString(CultureInfo.InvariantCulture),
            Default = PageRequest.DefaultLimit,
        }),
        "cursor" => ("The `next` of the page before; the first page without.", new() { Type = JsonSchemaType.String, MinLength = 22, MaxLength = 22 }),
        "status" => ("Only orders that stand there.", new()
        {
            Type = JsonSchemaType.String,
            Enum = [.. Enum.GetValues<OrderStatus>().Select(JsonNode (status) => OrderStatusText.ToText(status))],
        }),
        "customerId" => ("Only orders of this customer.", new() { Type = JsonSchemaType.String, Format = "uuid" }),
        _ => null,
    };
}
