using Microsoft.Extensions.DependencyInjection;
using Platform.Domain.Orders;
using Platform.Domain.Payments;
using Platform.Messaging;

namespace Platform.Domain;

/// <summary>The events of the business and who reacts to them.</summary>
public static class DomainMessaging
{
    /// <summary>Declares the events, under the names that they have on the wire.</summary>
    internal static IServiceCollection AddDomainEvents(this IServiceCollection services) => services.AddEvents(events => events
        .Add("orders.placed.v1", DomainJson.Default.OrderPlaced, "order", e => e.OrderId.ToString())
        .Add("orders.paid.v1", DomainJson.Default.OrderPaid, "order", e => e.OrderId.ToString())
        .Add("orders.updated.v1", DomainJson.Default.OrderUpdated, "order", e => e.OrderId.ToString())
        .Add("orders.shipped.v1", DomainJson.Default.OrderShipped, "order", e => e.OrderId.ToString())
        .Add("orders.cancelled.v1", DomainJson.Default.OrderCancelled, "order", e => e.OrderId.ToString())
        .Add("payments.captured.v1", DomainJson.Default.PaymentCaptured, "payment", e => e.PaymentId.ToString())
        .Add("payments.refunded.v1", DomainJson.Default.PaymentRefunded, "payment", e => e.PaymentId.ToString()));

    /// <summary>Declares the handlers: for the worker.</summary>
    public static IServiceCollection AddDomainSubscriptions(this IServiceCollection services) => services
        .AddSubscription("payments", subscription => subscription
            .Handle<OrderPlaced, ChargeOrder>()
            .Handle<OrderCancelled, RefundOrder>())
        .AddSubscription("orders", subscription => subscription
            .Handle<PaymentCaptured, MarkOrderPaid>());
}
