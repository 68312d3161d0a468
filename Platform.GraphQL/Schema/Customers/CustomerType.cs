using GraphQL;
using GraphQL.Types;
using Platform.Domain.Customers;
using Platform.Domain.Orders;
using Platform.GraphQL.DataLoaders;
using Platform.GraphQL.Execution;
using Platform.GraphQL.Schema.Orders;
using Platform.GraphQL.Schema.Relay;
using Platform.GraphQL.Schema.Scalars;
using Platform.Identity;

namespace Platform.GraphQL.Schema.Customers;

internal sealed class CustomerType : ObjectGraphType<Customer>, INodeType
{
    public CustomerType()
    {
        Name = NodeName;
        Description = "Somebody who orders.";
        this.AuthorizeWithPolicy(Policy);
        Interface<NodeInterfaceType>();
        Field<NonNullGraphType<IdType>>("id").From(customer => customer.Id.Value);
        Field<NonNullGraphType<StringGraphType>>("name").From(customer => customer.Name);
        Field<NonNullGraphType<StringGraphType>>("email").From(customer => customer.Email);
        Field<NonNullGraphType<DateTimeType>>("createdAt").From(customer => customer.CreatedAt);
        Field<NonNullGraphType<DateTimeType>>("updatedAt").From(customer => customer.UpdatedAt);
        Field<NonNullGraphType<StringGraphType>>(NodeVersion.FieldName).Description(NodeVersion.Description)
            .From(customer => NodeVersion.Show(customer.RowVersion));
        this.PagedField<Customer, Order, OrderType>("orders")
            .Description("The customer's orders.")
            .Argument<OrderSortType>(ListArguments.Sort, argument => argument.Description = "The newest first by default.")
            .Resolve(context =>
            {
                var request = context.GetPage(ascending: context.GetSort().Ascending);
                var page = request.Page;
                return context.Loader<OrdersOfCustomerLoader>()
                    .Load(new(context.Source.Id, page.Limit, page.After, page.Ascending))
                    .Then(orders => orders!.ToConnection(request, order => order.Id.Value));
            });
    }

    public static string NodeName => "Customer";

    public static string Policy => ApiScopes.CatalogRead;
}
