using GraphQL;
using GraphQL.Types;
using Platform.Domain.Orders;
using Platform.GraphQL.DataLoaders;
using Platform.GraphQL.Execution;
using Platform.GraphQL.Schema.Products;
using Platform.Identity;

namespace Platform.GraphQL.Schema.Orders;

internal sealed class OrderLineType : ObjectGraphType<OrderLine>
{
    public OrderLineType()
    {
        Name = "OrderLine";
        Description = "One product of an order, with the name and the price that it had when the order was placed.";
        this.AuthorizeWithPolicy(ApiScopes.OrdersRead);
        Field<NonNullGraphType<IntGraphType>>("lineNumber").Description("Counts from 1 within the order.")
            .From(line => line.LineNumber);
        Field<NonNullGraphType<StringGraphType>>("productName").Description("The product's name at that time.")
            .From(line => line.ProductName);
        Field<NonNullGraphType<IntGraphType>>("quantity").Description("Pieces, at least 1.").From(line => line.Quantity);
        Field<NonNullGraphType<MoneyType>>("unitPrice").Description("The price of one piece at that time.")
            .From(line => line.UnitPrice);
        Field<NonNullGraphType<MoneyType>>("total").Description("The price of all pieces.").From(line => line.Total);
        Field<ProductType>("product").Description("The product as it is now; null without the scope catalog.read.")
            .Load((ProductLoader products, OrderLine line) => products.Load(line.ProductId));
    }
}
