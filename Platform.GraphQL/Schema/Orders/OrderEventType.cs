using GraphQL;
using GraphQL.Types;
using Platform.Domain.Orders;
using Platform.GraphQL.DataLoaders;
using Platform.GraphQL.Execution;
using Platform.GraphQL.Schema.Scalars;
using Platform.GraphQL.Subscriptions.Sources;
using Platform.Identity;

namespace Platform.GraphQL.Schema.Orders;

/// <summary>What happened to an order.</summary>
internal enum OrderEventKind
{
    Placed,
    Paid,
    Updated,
    Shipped,
    Cancelled,
}

/// <summary>One thing that happened to an order.</summary>
/// <param name="Id">Where it stands among all events.</param>
/// <param name="Kind">What happened.</param>
/// <param name="OrderId">To which order.</param>
/// <param name="OccurredAt">When.</param>
internal sealed record OrderEvent(string Id, OrderEventKind Kind, OrderId OrderId, DateTimeOffset OccurredAt) : ISourceEvent;

internal sealed class OrderEventKindType : EnumerationGraphType
{
    public OrderEventKindType()
    {
        Name = "OrderEventKind";
        Description = "What happened to an order. More may come.";
        Add("PLACED", OrderEventKind.Placed, "It was taken.");
        Add("PAID", OrderEventKind.Paid, "Its payment was captured.");
        Add("UPDATED", OrderEventKind.Updated, "What the customer may change was changed.");
        Add("SHIPPED", OrderEventKind.Shipped, "It was sent on its way.");
        Add("CANCELLED", OrderEventKind.Cancelled, "It was called off.");
    }
}

internal sealed class OrderEventType : ObjectGraphType<OrderEvent>
{
    public OrderEventType()
    {
        Name = "OrderEvent";
        Description = "Something that happened to an order.";
        this.AuthorizeWithPolicy(ApiScopes.OrdersRead);
        Field<NonNullGraphType<OrderEventKindType>>("kind").Description("What happened.").From(told => told.Kind);
        Field<NonNullGraphType<IdType>>("orderId").Description("To which order.").From(told => told.OrderId.Value);
        Field<NonNullGraphType<DateTimeType>>("occurredAt").Description("When it happened.").From(told => told.OccurredAt);
        Field<OrderType>("order").Description("The order as it is when this is read, which may be further on.")
            .Load((OrderLoader orders, OrderEvent told) => orders.Load(told.OrderId));
    }
}
