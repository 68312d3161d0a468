using GraphQL;
using GraphQL.Types;
using Platform.Domain.Orders;
using Platform.GraphQL.Execution;
using Platform.Identity;

namespace Platform.GraphQL.Schema.Orders;

internal sealed class OrderSummaryType : ObjectGraphType<OrderSummary>
{
    public OrderSummaryType()
    {
        Name = "OrderSummary";
        Description = "What all orders of one status and currency come to.";
        this.AuthorizeWithPolicy(ApiScopes.OrdersRead);
        Field<NonNullGraphType<OrderStatusType>>("status").From(summary => summary.Status);
        Field<NonNullGraphType<IntGraphType>>("count").Description("How many.").From(summary => summary.Count);
        Field<NonNullGraphType<MoneyType>>("total").Description("What they cost together.").From(summary => summary.Total);
    }
}
