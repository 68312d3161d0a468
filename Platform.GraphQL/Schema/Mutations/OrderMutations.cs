using GraphQL;
using GraphQL.Types;
using Platform.Domain.Customers;
using Platform.Domain.Orders;
using Platform.Domain.Products;
using Platform.GraphQL.Limits.Cost;
using Platform.GraphQL.Schema.Orders;
using Platform.GraphQL.Schema.Scalars;
using Platform.Identity;

namespace Platform.GraphQL.Schema.Mutations;

internal static class OrderMutations
{
    public static void AddOrders(this ObjectGraphType mutation)
    {
        mutation.Field<PlaceOrderPayloadType>("placeOrder")
            .Description("Takes an order.")
            .Cost(MutationExtensions.Cost)
            .AuthorizeWithPolicy(ApiScopes.OrdersWrite)
            .Argument<NonNullGraphType<PlaceOrderInputType>>(MutationExtensions.Input)
            .ResolveAsync(async context => await context.RunAsync<PlaceOrder, PlaceOrderCommand, Order>(
                (place, command, _, token) => place.HandleAsync(command, token), order => order.Id.Value, FindAsync));
        mutation.Field<UpdateOrderPayloadType>("updateOrder")
            .Description("Changes what the customer may change of an order: what is given, and nothing else.")
            .Cost(MutationExtensions.Cost)
            .AuthorizeWithPolicy(ApiScopes.OrdersWrite)
            .Argument<NonNullGraphType<UpdateOrderInputType>>(MutationExtensions.Input)
            .ResolveAsync(async context => await context.RunAsync<UpdateOrder, OrderChange, Order>(
                (update, change, condition, token) => update.HandleAsync(change.Id, change.Of, condition, token), order => order.Id.Value, FindAsync));
        mutation.Field<ShipOrderPayloadType>("shipOrder")
            .Description("Sends a paid order on its way.")
            .Cost(MutationExtensions.Cost)
            .AuthorizeWithPolicy(ApiScopes.OrdersWrite)
            .Argument<NonNullGraphType<ShipOrderInputType>>(MutationExtensions.Input)
            .ResolveAsync(async context => await context.RunAsync<ShipOrder, OrderId, Order>(
                (ship, id, condition, token) => ship.HandleAsync(id, condition, token), order => order.Id.Value, FindAsync));
        mutation.Field<CancelOrderPayloadType>("cancelOrder")
            .Description("Calls an order off; what was paid is refunded.")
            .Cost(MutationExtensions.Cost)
            .AuthorizeWithPolicy(ApiScopes.OrdersWrite)
            .Argument<NonNullGraphType<CancelOrderInputType>>(MutationExtensions.Input)
            .ResolveAsync(async context => await context.RunAsync<CancelOrder, OrderId, Order>(
                (cancel, id, condition, token) => cancel.HandleAsync(id, condition, token), order => order.Id.Value, FindAsync));
    }

    private static Task<Order?> FindAsync(IServiceProvider services, Guid id, CancellationToken cancellationToken) =>
        services.GetRequiredService<OrderQueries>().FindAsync(new OrderId(id), cancellationToken);
}

internal sealed class PlaceOrderPayloadType() : NodePayloadType<Order, OrderType>("PlaceOrderPayload", ApiScopes.OrdersWrite);

internal sealed class UpdateOrderPayloadType() : NodePayloadType<Order, OrderType>("UpdateOrderPayload", ApiScopes.OrdersWrite);

internal sealed class ShipOrderPayloadType() : NodePayloadType<Order, OrderType>("ShipOrderPayload", ApiScopes.OrdersWrite);

internal sealed class CancelOrderPayloadType() : NodePayloadType<Order, OrderType>("CancelOrderPayload", ApiScopes.OrdersWrite);

internal sealed class PlaceOrderInputType : MutationInputType<PlaceOrderCommand>
{
    public PlaceOrderInputType()
        : base("PlaceOrderInput", conditional: false)
    {
        Field<NonNullGraphType<IdType>>("customerId").Description("Who orders.");
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<PlaceOrderLineInputType>>>>("lines")
            .Description($"What: 1 to {Order.MaxLines} lines, each product once.");
        Field<StringGraphType>("reference").Description($"The customer's own name for it, at most {Order.ReferenceMaxLength} characters.");
    }

    protected override PlaceOrderCommand Read(IDictionary<string, object?> fields) => new(
        new CustomerId((Guid)fields["customerId"]!),
        [.. ((IEnumerable<object?>)fields["lines"]!).Cast<PlaceOrderLine>()],
        fields.TryGetValue("reference", out var reference) ? (string?)reference : null);
}

internal sealed class PlaceOrderLineInputType : InputObjectGraphType<PlaceOrderLine>
{
    public PlaceOrderLineInputType()
    {
        Name = "PlaceOrderLineInput";
        Field<NonNullGraphType<IdType>>("productId").Description("Which product.");
        Field<NonNullGraphType<IntGraphType>>("quantity").Description($"Pieces, 1 to {Order.MaxQuantity}.");
    }

    public override object ParseDictionary(IDictionary<string, object?> value) =>
        new PlaceOrderLine(new ProductId((Guid)value["productId"]!), (int)value["quantity"]!);
}

/// <summary>What is to become of an order.</summary>
internal sealed record OrderChange(OrderId Id, Given<string>? Reference)
{
    public string? Of(Order order) => Reference is { } reference ? reference.Value : order.Reference;
}

internal sealed class UpdateOrderInputType : MutationInputType<OrderChange>
{
    public UpdateOrderInputType()
        : base("UpdateOrderInput", conditional: true)
    {
        Field<NonNullGraphType<IdType>>("orderId").Description("Which order.");
        Field<StringGraphType>("reference").Description($"The customer's own name for it, at most {Order.ReferenceMaxLength} characters; null removes it.");
    }

    protected override OrderChange Read(IDictionary<string, object?> fields) =>
        new(new OrderId((Guid)fields["orderId"]!), Given<string>(fields, "reference"));
}

internal abstract class WhichOrderInputType : MutationInputType<OrderId>
{
    protected WhichOrderInputType(string name)
        : base(name, conditional: true) =>
        Field<NonNullGraphType<IdType>>("orderId").Description("Which order.");

    protected override OrderId Read(IDictionary<string, object?> fields) => new((Guid)fields["orderId"]!);
}

internal sealed class ShipOrderInputType() : WhichOrderInputType("ShipOrderInput");

internal sealed class CancelOrderInputType() : WhichOrderInputType("CancelOrderInput");
