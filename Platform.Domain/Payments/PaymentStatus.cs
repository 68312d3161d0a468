namespace Platform.Domain.Payments;

/// <summary>Where a payment stands.</summary>
public enum PaymentStatus
{
    /// <summary>The money was taken.</summary>
    Captured,

    /// <summary>The money was given back.</summary>
    Refunded,
}
