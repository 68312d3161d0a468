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

// Parameters are bound as texts, so that each error is told by field; the document says what they have to be.
internal sealed class QueryParameters : IOpenApiOperationTransformer
{
    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            if (parameter.In is ParameterLocation.Query && DescribeQuery(parameter.Name!, operation.OperationId!) is var (description, schema))
            {
                (parameter.Description, parameter.Schema) = (description, schema ?? parameter.Schema);
            }
            else if (parameter.In is ParameterLocation.Path)
            {
                parameter.Description = DescribePath(parameter.Name!);
            }
        }

        return Task.CompletedTask;
    }

    private static string DescribePath(string name) => name switch
    {
        "name" => "The name.",
        "subscription" => "The subscription.",
        "eventId" => "The id of the event.",
        _ => "The id.",
    };

    private static (string Description, OpenApiSchema? Schema)? DescribeQuery(string name, string operation) => (name, operation) switch
    {
        ("limit", "Sync") => ("The most changes to answer with.", Number(1, 500, 100)),
        ("cursor", "Sync" or "StreamChanges") => ("The `cursor` of the answer before; from the start without.", Text(1_100)),
        ("wait", _) => ("Seconds to hold an answer without changes back.", Number(0, 20, 0)),
        ("limit", _) => ("The most items to answer with.", Number(1, PageRequest.MaxLimit, PageRequest.DefaultLimit)),
        ("cursor", _) => ("The `next` of the page before; the first page without.", Text(1_100)),
        ("sort", "ListCustomers" or "ListProducts") => ("The order: a minus for descending.", Words("-createdAt", "createdAt", "name", "-name")),
        ("sort", "ListAudit") => ("The order: a minus for descending.", Words("-occurredAt")),
        ("sort", _) => ("The order: a minus for descending.", Words("-placedAt", "placedAt")),
        ("active", _) => ("Only products that can be ordered, or only those that cannot.", new() { Type = JsonSchemaType.Boolean }),
        ("sku", _) => ("Only the product with this stock keeping unit.", Text(Product.SkuMaxLength)),
        ("email", _) => ("Only the customer with this address, without regard to case.", Text(Customer.EmailMaxLength)),
        ("status", _) => ("Only orders that stand there.", Words([.. Enum.GetValues<OrderStatus>().Select(OrderStatusText.ToText)])),
        ("customerId", _) => ("Only orders of this customer.", new() { Type = JsonSchemaType.String, Format = "uuid" }),
        ("subscription", _) => ("Only those of this subscription.", Text(200)),
        ("type", _) => ("Only events of this type, by the name on the wire.", Text(200)),
        ("aggregateId", _) => ("Only events of this aggregate.", Text(200)),
        ("cause", _) => ("Only what was given up for this cause.", Words([.. DeadLetterQuery.Causes])),
        ("from", _) => ("Only from this time on.", new() { Type = JsonSchemaType.String, Format = "date-time" }),
        ("to", _) => ("Only before this time.", new() { Type = JsonSchemaType.String, Format = "date-time" }),
        ("actor", "ListFlagAudit") => ("Only what this author did.", null),
        ("action", "ListFlagAudit") => ("Only this action.", Words("created", "enabled", "disabled", "rollout_changed", "updated", "deleted")),
        ("kind", _) => ("Only items of this kind.", Words("flag", "switch", "sample", "segment", "envelope")),
        ("name", _) => ("Only items of this name.", null),
        ("change", _) => ("Only the entries of this change.", new() { Type = JsonSchemaType.String, Format = "uuid" }),
        ("actor", _) => ("Only what this actor did.", Text(200)),
        ("action", _) => ("Only this action.", Text(200)),
        ("target", _) => ("Only what was done to this.", Text(200)),
        ("outcome", _) => ("Only what ended so.", Words("succeeded", "denied", "failed")),
        ("traceId", _) => ("Only what happened in this trace.", Text(200)),
        ("days", _) => ("For how many days a flag has to lie still to be listed.", Number(1, 3_650, 30)),
        ("category", _) => ("The name of a logger, or the beginning of names; `Default` for all that have no level of their own.", null),
        ("minutes", _) => ("Over how many minutes.", null),
        ("route", _) => ("The route as it is measured, `GET /api/v1/orders/`.", null),
        ("reason", _) => ("Why, for the record.", null),
        _ => null,
    };

    private static OpenApiSchema Text(int maxLength) => new() { Type = JsonSchemaType.String, MaxLength = maxLength };

    private static OpenApiSchema Number(int least, int most, int usual) => new()
    {
        Type = JsonSchemaType.Integer,
        Minimum = least.ToString(CultureInfo.InvariantCulture),
        Maximum = most.ToString(CultureInfo.InvariantCulture),
        Default = usual,
    };

    private static OpenApiSchema Words(params string[] words) => new() { Type = JsonSchemaType.String, Enum = [.. words.Select(JsonNode (word) => word)] };
}
