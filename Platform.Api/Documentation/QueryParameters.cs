using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Platform.Api.Messaging;
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
            if (parameter.In is ParameterLocation.Query && Describe(parameter.Name, operation.OperationId) is var (description, schema))
            {
                (parameter.Description, parameter.Schema) = (description, schema);
            }
        }

        return Task.CompletedTask;
    }

    private static (string Description, OpenApiSchema Schema)? Describe(string? name, string? operation) => name switch
    {
        "limit" => ("The most items to answer with.", new()
        {
            Type = JsonSchemaType.Integer,
            Minimum = "1",
            Maximum = PageRequest.MaxLimit.ToString(CultureInfo.InvariantCulture),
            Default = PageRequest.DefaultLimit,
        }),
        "cursor" when operation == "ListDeadLetters" => ("The `next` of the page before; the first page without.", new() { Type = JsonSchemaType.String, MaxLength = 1000 }),
        "subscription" => ("Only those of this subscription.", new() { Type = JsonSchemaType.String, MaxLength = 200 }),
        "type" => ("Only events of this type, by the name on the wire.", new() { Type = JsonSchemaType.String, MaxLength = 200 }),
        "aggregateId" => ("Only events of this aggregate.", new() { Type = JsonSchemaType.String, MaxLength = 200 }),
        "cause" => ("Only what was given up for this cause.", new()
        {
            Type = JsonSchemaType.String,
            Enum = [.. DeadLetterQuery.Causes.Select(JsonNode (cause) => cause)],
        }),
        "from" => ("Only what was given up at this time or later.", new() { Type = JsonSchemaType.String, Format = "date-time" }),
        "to" => ("Only what was given up before this time.", new() { Type = JsonSchemaType.String, Format = "date-time" }),
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
