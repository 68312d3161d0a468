using GraphQL.Types;
using Platform.Domain.Customers;
using Platform.Domain.Orders;
using Platform.Domain.Products;
using Platform.GraphQL.Schema.Scalars;

namespace Platform.GraphQL.Schema.Orders;

internal sealed class PlaceOrderInputType : InputObjectGraphType<PlaceOrderCommand>
{
    public PlaceOrderInputType()
    {
        Name = "PlaceOrderInput";
        Field<NonNullGraphType<IdType>>("customerId").Description("Who orders.");
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<PlaceOrderLineInputType>>>>("lines")
            .Description($"What: 1 to {Order.MaxLines} lines, each product once.");
        Field<StringGraphType>("reference").Description($"The customer's own name for it, at most {Order.ReferenceMaxLength} characters.");
    }

    public override object ParseDictionary(IDictionary<string, object?> value) => new PlaceOrderCommand(
        new CustomerId((Guid)value["customerId"]!),
        [.. ((IEnumerable<object?>)value["lines"]!).Cast<PlaceOrderLine>()],
        value.TryGetValue("reference", out var reference) ? (string?)reference : null);
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

internal sealed class CancelOrderInputType : InputObjectGraphType<OrderId>
{
    public CancelOrderInputType()
    {
        Name = "CancelOrderInput";
        Field<NonNullGraphType<IdType>>("orderId").Description("Which order.");
    }

    public override object ParseDictionary(IDictionary<string, object?> value) => new OrderId((Guid)value["orderId"]!);
}
