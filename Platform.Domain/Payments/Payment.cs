using Platform.Conditional;
using Platform.Domain.Orders;

namespace Platform.Domain.Payments;

/// <summary>Money that was taken for an order; at most one an order.</summary>
public sealed class Payment
{
    /// <summary>Longest id that a gateway gives.</summary>
    public const int GatewayReferenceMaxLength = 128;

    internal Payment(PaymentId id, OrderId orderId, Money amount, string gatewayReference, DateTimeOffset capturedAt)
        : this(id, orderId, gatewayReference, capturedAt) => Amount = amount;

    private Payment(PaymentId id, OrderId orderId, string gatewayReference, DateTimeOffset capturedAt)
    {
        Id = id;
        OrderId = orderId;
        GatewayReference = gatewayReference;
        CapturedAt = capturedAt;
    }

    /// <summary>Its id.</summary>
    public PaymentId Id { get; private set; }

    /// <summary>What was paid.</summary>
    public OrderId OrderId { get; private set; }

    /// <summary>How much.</summary>
    public Money Amount { get; private set; }

    /// <summary>Where it stands.</summary>
    public PaymentStatus Status { get; private set; }

    /// <summary>The gateway's own id of the charge.</summary>
    public string GatewayReference { get; private set; }

    /// <summary>When the money was taken.</summary>
    public DateTimeOffset CapturedAt { get; private set; }

    /// <summary>When it was given back, if it was.</summary>
    public DateTimeOffset? RefundedAt { get; private set; }

    /// <summary>Changes with each update of the row (PostgreSQL's <c>xmin</c>): a refund of ours and one of the gateway's do not both tell of it.</summary>
    public uint Version { get; private set; }

    /// <summary>Which version of the row this is.</summary>
    public RowVersion RowVersion => new(Version, RefundedAt ?? CapturedAt);

    internal void MarkRefunded(DateTimeOffset at)
    {
        Status = PaymentStatus.Refunded;
        RefundedAt = at;
    }
}
