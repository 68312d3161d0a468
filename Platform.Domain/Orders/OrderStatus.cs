namespace Platform.Domain.Orders;

/// <summary>Where an order stands.</summary>
public enum OrderStatus
{
    /// <summary>Taken, not yet paid.</summary>
    Placed,

    /// <summary>The payment was captured.</summary>
    Paid,

    /// <summary>On its way; it cannot be cancelled any more.</summary>
    Shipped,

    /// <summary>Called off; what was paid is refunded.</summary>
    Cancelled,
}
