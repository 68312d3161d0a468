using GraphQL;
using GraphQL.Types;
using Platform.Domain.Customers;
using Platform.Domain.Orders;
using Platform.GraphQL.Schema.Orders;
using Platform.GraphQL.Schema.Scalars;
using Platform.GraphQL.Subscriptions.Sources;
using Platform.Identity;
using Platform.Messaging.Feed;

namespace Platform.GraphQL.Schema;

internal sealed class SubscriptionType : ObjectGraphType
{
    public SubscriptionType()
    {
        Name = "Subscription";
        Field<OrderEventType>("orderPlaced")
            .Description("Each order that is taken.")
            .AuthorizeWithPolicy(ApiScopes.OrdersRead)
            .Argument<IdType>("customerId", argument => argument.Description = "Only those of this customer.")
            .Resolve(context => context.Source)
            .ResolveStream(context => Placed(context.RequestServices!, context.GetArgument<Guid?>("customerId") is { } id ? new CustomerId(id) : null));
        Field<OrderEventType>("orderChanged")
            .Description("Whatever happens to orders, from being placed on.")
            .AuthorizeWithPolicy(ApiScopes.OrdersRead)
            .Argument<IdType>("orderId", argument => argument.Description = "Only what happens to this order.")
            .Resolve(context => context.Source)
            .ResolveStream(context => Changed(context.RequestServices!, context.GetArgument<Guid?>("orderId") is { } id ? new OrderId(id) : null));
    }

    private static FeedSource Placed(IServiceProvider services, CustomerId? customer) => new(
        services.GetRequiredService<IEventFeed>(),
        ["orders.placed.v1"],
        heard => heard.Body is OrderPlaced placed && (customer is null || placed.CustomerId == customer) ? Event(heard, OrderEventKind.Placed, placed.OrderId) : null);

    private static FeedSource Changed(IServiceProvider services, OrderId? order) => new(
        services.GetRequiredService<IEventFeed>(),
        ["orders.placed.v1", "orders.paid.v1", "orders.updated.v1", "orders.shipped.v1", "orders.cancelled.v1"],
        heard => Read(heard) is { } found && (order is null || found.OrderId == order) ? found : null);

    private static OrderEvent? Read(FeedEvent heard) => heard.Body switch
    {
        OrderPlaced placed => Event(heard, OrderEventKind.Placed, placed.OrderId),
        OrderPaid paid => Event(heard, OrderEventKind.Paid, paid.OrderId),
        OrderUpdated updated => Event(heard, OrderEventKind.Updated, updated.OrderId),
        OrderShipped shipped => Event(heard, OrderEventKind.Shipped, shipped.OrderId),
        OrderCancelled cancelled => Event(heard, OrderEventKind.Cancelled, cancelled.OrderId),
        _ => null,
    };

    private static OrderEvent Event(FeedEvent heard, OrderEventKind kind, OrderId order) =>
        new(FeedSource.IdOf(heard), kind, order, heard.Envelope.OccurredAt);
}
