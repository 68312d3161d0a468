using GraphQL;
using GraphQL.Types;
using Platform.Domain.Orders;
using Platform.GraphQL.DataLoaders;
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
        Field<NonNullGraphType<IdType>>("id").Resolve(context => context.Source.Id.Value);
        Field<NonNullGraphType<OrderStatusType>>("status").Resolve(context => context.Source.Status);
        Field<StringGraphType>("reference").Description("The customer's own name for it.").Resolve(context => context.Source.Reference);
        Field<NonNullGraphType<MoneyType>>("total").Description("The price of all lines.").Resolve(context => context.Source.Total);
        Field<NonNullGraphType<DateTimeType>>("placedAt").Resolve(context => context.Source.PlacedAt);
        Field<NonNullGraphType<DateTimeType>>("updatedAt").Resolve(context => context.Source.UpdatedAt);
        Field<NonNullGraphType<StringGraphType>>(NodeVersion.FieldName).Description(NodeVersion.Description)
            .Resolve(context => NodeVersion.Show(context.Source.RowVersion));
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<OrderLineType>>>>("lines")
            .AssumedSize(5)
            .Resolve(context => context.Source.Lines);

        // Null for a caller without catalog.read, so that the order itself is still answered.
        Field<CustomerType>("customer").Description("Who ordered; null without the scope catalog.read.")
            .Resolve(context => context.Loader<CustomerLoader>().Load(context.Source.CustomerId));
        Field<PaymentType>("payment").Description("What was paid, once it is.")
            .Resolve(context => context.Loader<PaymentOfOrderLoader>().Load(context.Source.Id));
    }

    public static string NodeName => "Order";

    public static string Policy => ApiScopes.OrdersRead;
}
