using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Platform.Api.Messaging;
using Platform.Domain.Customers;
using Platform.Domain.Orders;
using Platform.Domain.Paging;
using Platform.Domain.Products;

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
        "limit" when operation == "Sync" => ("The most changes to answer with.", new() { Type = JsonSchemaType.Integer, Minimum = "1", Maximum = "500", Default = 100 }),
        "cursor" when operation == "Sync" => ("The `cursor` of the answer before; from the start without.", new() { Type = JsonSchemaType.String, MaxLength = 1_100 }),
        "wait" => ("Seconds to hold an answer without changes back.", new() { Type = JsonSchemaType.Integer, Minimum = "0", Maximum = "20", Default = 0 }),
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
        "cursor" => ("The `next` of the page before; the first page without.", new() { Type = JsonSchemaType.String, MaxLength = 1_100 }),
        "sort" => ("The order: the name of a member, with a minus for descending.", new() { Type = JsonSchemaType.String, Pattern = "^-?[a-zA-Z]+$" }),
        "active" => ("Only products that can be ordered, or only those that cannot.", new() { Type = JsonSchemaType.Boolean }),
        "sku" => ("Only the product with this stock keeping unit.", new() { Type = JsonSchemaType.String, MaxLength = Product.SkuMaxLength }),
        "email" => ("Only the customer with this address, without regard to case.", new() { Type = JsonSchemaType.String, MaxLength = Customer.EmailMaxLength }),
        "status" => ("Only orders that stand there.", new()
        {
            Type = JsonSchemaType.String,
            Enum = [.. Enum.GetValues<OrderStatus>().Select(JsonNode (status) => OrderStatusText.ToText(status))],
        }),
        "customerId" => ("Only orders of this customer.", new() { Type = JsonSchemaType.String, Format = "uuid" }),
        _ => null,
    };
}
