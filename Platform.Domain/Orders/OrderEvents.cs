using Platform.Domain.Customers;

namespace Platform.Domain.Orders;

/// <summary>An order was taken (<c>orders.placed.v1</c>).</summary>
public sealed record OrderPlaced(OrderId OrderId, CustomerId CustomerId, decimal Amount, string Currency);

/// <summary>An order was paid (<c>orders.paid.v1</c>).</summary>
public sealed record OrderPaid(OrderId OrderId);

/// <summary>What the customer may change of an order was changed (<c>orders.updated.v1</c>).</summary>
public sealed record OrderUpdated(OrderId OrderId);

/// <summary>An order was shipped (<c>orders.shipped.v1</c>).</summary>
public sealed record OrderShipped(OrderId OrderId);

/// <summary>An order was called off (<c>orders.cancelled.v1</c>).</summary>
public sealed record OrderCancelled(OrderId OrderId);
