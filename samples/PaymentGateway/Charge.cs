namespace PaymentGateway;

/// <summary>What a merchant asks for.</summary>
internal sealed record ChargeRequest(string? OrderId, decimal? Amount, string? Currency);

/// <summary>Money that was taken.</summary>
internal sealed record Charge(string Id, string OrderId, decimal Amount, string Currency, string Status, DateTimeOffset CreatedAt)
{
    public const string Captured = "captured";
    public const string Refunded = "refunded";

    public bool IsFor(Charge other) => OrderId == other.OrderId && Amount == other.Amount && Currency == other.Currency;
}

/// <summary>How much to give back; all that is left when there is no amount.</summary>
internal sealed record RefundRequest(decimal? Amount);

/// <summary>Money that was given back.</summary>
internal sealed record Refund(string Id, string ChargeId, decimal Amount, string Currency, string Status, DateTimeOffset CreatedAt);

internal sealed record ChargeList(IReadOnlyList<Charge> Items);

internal sealed record Stats(long Charges, long Refunds, long Rejected, long Replayed, long Failed);
