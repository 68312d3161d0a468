namespace PaymentGateway;

/// <summary>One line of the ledger's file: a charge or a refund, and the key that it was asked with.</summary>
internal sealed record LedgerEntry(string Key, Charge? Charge, Refund? Refund);
