using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;

namespace PaymentGateway;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Charge))]
[JsonSerializable(typeof(ChargeList))]
[JsonSerializable(typeof(ChargeRequest))]
[JsonSerializable(typeof(HttpValidationProblemDetails))]
[JsonSerializable(typeof(Knobs))]
[JsonSerializable(typeof(LedgerEntry))]
[JsonSerializable(typeof(ProblemDetails))]
[JsonSerializable(typeof(Refund))]
[JsonSerializable(typeof(RefundRequest))]
[JsonSerializable(typeof(Stats))]
[JsonSerializable(typeof(WebhookMessage))]
[JsonSerializable(typeof(WebhookSecretChange))]
internal sealed partial class GatewayJson : JsonSerializerContext;
