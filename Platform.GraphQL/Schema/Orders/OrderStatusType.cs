using GraphQL.Types;
using Platform.Domain.Orders;

namespace Platform.GraphQL.Schema.Orders;

internal sealed class OrderStatusType : EnumerationGraphType
{
    public OrderStatusType()
    {
        Name = "OrderStatus";
        Description = "Where an order stands.";
        Add("PLACED", OrderStatus.Placed, "Taken, not yet paid.");
        Add("PAID", OrderStatus.Paid, "The payment was captured.");
        Add("SHIPPED", OrderStatus.Shipped, "On its way; it cannot be cancelled any more.");
        Add("CANCELLED", OrderStatus.Cancelled, "Called off; what was paid is refunded.");
    }
}
