using GraphQL;
using GraphQL.Types;
using Platform.Domain;
using Platform.Domain.Customers;
using Platform.Domain.Orders;
using Platform.Domain.Paging;
using Platform.Domain.Products;
using Platform.GraphQL.DataLoaders;
using Platform.GraphQL.Gates;
using Platform.GraphQL.Limits.Cost;
using Platform.GraphQL.Schema.Customers;
using Platform.GraphQL.Schema.Orders;
using Platform.GraphQL.Schema.Products;
using Platform.GraphQL.Schema.Relay;
using Platform.GraphQL.Schema.Scalars;
using Platform.Identity;
using Platform.ServiceDefaults.Redaction;

namespace Platform.GraphQL.Schema;

internal sealed class QueryType : ObjectGraphType
{
    private const string SortDescription = "The newest first by default. Cursors belong to the order that gave them.";

    public QueryType()
    {
        Name = "Query";
        this.AddNodes();
        AddCustomers();
        AddProducts();
        AddOrders();
    }

    private void AddCustomers()
    {
        Field<CustomerType>("customer")
            .Description("One customer, or null when there is none.")
            .AuthorizeWithPolicy(ApiScopes.CatalogRead)
            .Argument<NonNullGraphType<IdType>>("id")
            .Resolve(context => context.Loader<CustomerLoader>().Load(new CustomerId(context.GetArgument<Guid>("id"))));
        this.PagedField<object?, Customer, CustomerType>("customers")
            .Description("The customers.")
            .AuthorizeWithPolicy(ApiScopes.CatalogRead)
            .Argument<CustomerFilterType>(ListArguments.Filter)
            .Argument<CatalogSortType>(ListArguments.Sort, argument => argument.Description = SortDescription)
            .ResolveAsync(async context =>
            {
                var (order, ascending) = context.GetSort();
                var request = context.GetPage(order, ascending);
                var filter = context.GetArgument<CustomerFilter?>(ListArguments.Filter);
                var reader = context.RequestServices!.GetRequiredService<PersonalReader>();
                if (filter?.Email is not null)
                {
                    reader.Require(PersonalReader.FindAddress);
                }

                // Cursors hold what the list is ordered by.
                if (order is PageOrder.Name)
                {
                    reader.Require(PersonalReader.OrderByName);
                }

                var page = await context.UseAsync<CustomerQueries, Page<Customer>>((customers, token) => customers.ListAsync(request.Page, filter, token));
                return page.ToConnection(request, customer => customer.Id.Value, customer => customer.Name);
            });
    }

    private void AddProducts()
    {
        Field<ProductType>("product")
            .Description("One product, or null when there is none.")
            .AuthorizeWithPolicy(ApiScopes.CatalogRead)
            .Argument<NonNullGraphType<IdType>>("id")
            .Resolve(context => context.Loader<ProductLoader>().Load(new ProductId(context.GetArgument<Guid>("id"))));
        this.PagedField<object?, Product, ProductType>("products")
            .Description("The products.")
            .AuthorizeWithPolicy(ApiScopes.CatalogRead)
            .Argument<ProductFilterType>(ListArguments.Filter)
            .Argument<CatalogSortType>(ListArguments.Sort, argument => argument.Description = SortDescription)
            .ResolveAsync(async context =>
            {
                var (order, ascending) = context.GetSort();
                var request = context.GetPage(order, ascending);
                var filter = context.GetArgument<ProductFilter?>(ListArguments.Filter);
                var page = await context.UseAsync<ProductQueries, Page<Product>>((products, token) => products.ListAsync(request.Page, filter, token));
                return page.ToConnection(request, product => product.Id.Value, product => product.Name);
            });
    }

    private void AddOrders()
    {
        Field<OrderType>("order")
            .Description("One order, or null when there is none.")
            .AuthorizeWithPolicy(ApiScopes.OrdersRead)
            .Argument<NonNullGraphType<IdType>>("id")
            .Resolve(context => context.Loader<OrderLoader>().Load(new OrderId(context.GetArgument<Guid>("id"))));
        this.PagedField<object?, Order, OrderType>("orders")
            .Description("The orders.")
            .AuthorizeWithPolicy(ApiScopes.OrdersRead)
            .Argument<OrderFilterType>(ListArguments.Filter)
            .Argument<OrderSortType>(ListArguments.Sort, argument => argument.Description = SortDescription)
            .Argument<OrderStatusType>("status", argument =>
            {
                argument.Description = "Only those that stand there.";
                argument.DeprecationReason = "Use filter.status.";
            })
            .Argument<IdType>("customerId", argument =>
            {
                argument.Description = "Only those of this customer.";
                argument.DeprecationReason = "Use filter.customerId.";
            })
            .ResolveAsync(async context =>
            {
                var request = context.GetPage(ascending: context.GetSort().Ascending);
                var filter = context.GetArgument<OrderFilter?>(ListArguments.Filter) ?? new OrderFilter();
                filter = filter with
                {
                    Status = filter.Status ?? context.GetArgument<OrderStatus?>("status"),
                    CustomerId = filter.CustomerId ?? (context.GetArgument<Guid?>("customerId") is { } id ? new CustomerId(id) : null),
                };
                var page = await context.UseAsync<OrderQueries, Page<Order>>((orders, token) => orders.ListAsync(filter, request.Page, token));
                return page.ToConnection(request, order => order.Id.Value);
            });
        Field<ListGraphType<NonNullGraphType<OrderSummaryType>>>("orderSummary")
            .Description("What all orders come to, by status and currency.")
            .Cost(100)
            .AssumedSize(10)
            .AuthorizeWithPolicy(ApiScopes.OrdersRead)
            .RequireFlag(DomainFlags.OrderSummary)
            .ResolveAsync(async context => await context.UseAsync<OrderQueries, IReadOnlyList<OrderSummary>>((orders, token) => orders.SummarizeAsync(token)));
    }
}
