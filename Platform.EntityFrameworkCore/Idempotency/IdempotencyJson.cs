using System.Text.Json.Serialization;

namespace Platform.EntityFrameworkCore.Idempotency;

[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class IdempotencyJson : JsonSerializerContext;
