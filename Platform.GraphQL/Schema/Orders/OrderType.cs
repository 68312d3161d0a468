using GraphQL;
using GraphQL.Types;
using Platform.Domain.Orders;
using Platform.GraphQL.DataLoaders;
using Platform.GraphQL.Execution;
using Platform.GraphQL.Limits.Cost;
using Platform.GraphQL.Schema.Customers;
using Platform.GraphQL.Schema.Relay;
using Platform.GraphQL.Schema.Scalars;
using Platform.Identity;

namespace Platform.GraphQL.Schema.Orders;

internal sealed class OrderType : ObjectGraphType<Order>, INodeType
{
    public OrderType()
    {
        Name = NodeName;
        Description = "Products that a customer ordered.";
        this.AuthorizeWithPolicy(Policy);
        Interface<NodeInterfaceType>();
        Field<NonNullGraphType<IdType>>("id").From(order => order.Id.Value);
        Field<NonNullGraphType<OrderStatusType>>("status").From(order => order.Status);
        Field<StringGraphType>("reference").Description("The customer's own name for it.").From(order => order.Reference);
        Field<NonNullGraphType<MoneyType>>("total").Description("The price of all lines.").From(order => order.Total);
        Field<NonNullGraphType<DateTimeType>>("placedAt").From(order => order.PlacedAt);
        Field<NonNullGraphType<DateTimeType>>("updatedAt").From(order => order.UpdatedAt);
        Field<NonNullGraphType<StringGraphType>>(NodeVersion.FieldName).Description(NodeVersion.Description)
            .From(order => NodeVersion.Show(order.RowVersion));
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<OrderLineType>>>>("lines")
            .AssumedSize(5)
            .From(order => order.Lines);

        // Null for a caller without catalog.read, so that the order itself is still answered.
        Field<CustomerType>("customer").Description("Who ordered; null without the scope catalog.read.")
            .Load((CustomerLoader customers, Order order) => customers.Load(order.CustomerId));
        Field<PaymentType>("payment").Description("What was paid, once it is.")
            .Load((PaymentOfOrderLoader payments, Order order) => payments.Load(order.Id));
    }

    public static string NodeName => "Order";

    public static string Policy => ApiScopes.OrdersRead;
}
