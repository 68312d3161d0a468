namespace Platform.Api.Webhooks;

/// <summary>What the payment gateway tells.</summary>
/// <param name="Type"><c>charge.refunded</c> is acted on; other types are acknowledged. Required.</param>
/// <param name="Data">The charge as it is now. Required.</param>
internal sealed record PaymentWebhookRequest(string? Type, PaymentWebhookCharge? Data);

/// <summary>A charge at the gateway.</summary>
/// <param name="Id">The gateway's id. Required.</param>
/// <param name="Status"><c>captured</c>, or <c>refunded</c> once all of it was given back. Required.</param>
internal sealed record PaymentWebhookCharge(string? Id, string? Status);

/// <summary>The delivery was taken, or had been before.</summary>
/// <param name="Duplicate">It had been: nothing was done this time.</param>
internal sealed record PaymentWebhookResponse(bool Duplicate);
