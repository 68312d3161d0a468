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
            if (parameter.In is ParameterLocation.Query && SchemaOf(parameter.Name) is { } schema)
            {
                parameter.Schema = schema;
            }
        }

        return Task.CompletedTask;
    }

    private static OpenApiSchema? SchemaOf(string? name) => name switch
    {
        "limit" => new()
        {
            Type = JsonSchemaType.Integer,
            Minimum = "1",
            Maximum = PageRequest.MaxLimit.ToString(CultureInfo.InvariantCulture),
            Default = PageRequest.DefaultLimit,
        },
        "cursor" => new() { Type = JsonSchemaType.String, MinLength = 22, MaxLength = 22 },
        "status" => new()
        {
            Type = JsonSchemaType.String,
            Enum = [.. Enum.GetValues<OrderStatus>().Select(JsonNode (status) => OrderStatusText.ToText(status))],
        },
        "customerId" => new() { Type = JsonSchemaType.String, Format = "uuid" },
        _ => null,
    };
}
