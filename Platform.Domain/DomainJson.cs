using System.Text.Json.Serialization;
using Platform.Domain.Orders;
using Platform.Domain.Payments;

namespace Platform.Domain;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(OrderPlaced))]
[JsonSerializable(typeof(OrderPaid))]
[JsonSerializable(typeof(OrderUpdated))]
[JsonSerializable(typeof(OrderShipped))]
[JsonSerializable(typeof(OrderCancelled))]
[JsonSerializable(typeof(PaymentCaptured))]
[JsonSerializable(typeof(PaymentRefunded))]
internal sealed partial class DomainJson : JsonSerializerContext;
