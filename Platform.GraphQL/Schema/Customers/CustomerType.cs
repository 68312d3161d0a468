using GraphQL;
using GraphQL.Types;
using Platform.Domain.Customers;
using Platform.Domain.Orders;
using Platform.GraphQL.DataLoaders;
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
        Field<NonNullGraphType<IdType>>("id").Resolve(context => context.Source.Id.Value);
        Field<NonNullGraphType<StringGraphType>>("name").Resolve(context => context.Source.Name);
        Field<NonNullGraphType<StringGraphType>>("email").Resolve(context => context.Source.Email);
        Field<NonNullGraphType<DateTimeType>>("createdAt").Resolve(context => context.Source.CreatedAt);
        Field<NonNullGraphType<DateTimeType>>("updatedAt").Resolve(context => context.Source.UpdatedAt);
        this.PagedField<Customer, Order, OrderType>("orders")
            .Description("The customer's orders.")
            .Resolve(context =>
            {
                var request = context.GetPage();
                return context.Loader<OrdersOfCustomerLoader>()
                    .Load(new(context.Source.Id, request.Limit, request.After))
                    .Then(page => page!.ToConnection(request, order => order.Id.Value));
            });
    }

    public static string NodeName => "Customer";

    public static string Policy => ApiScopes.CatalogRead;
}
