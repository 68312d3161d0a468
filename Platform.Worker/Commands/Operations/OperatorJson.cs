using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Platform.Messaging;
using Platform.Messaging.DeadLetters;
using Platform.Messaging.Jobs;

namespace Platform.Worker.Commands.Operations;

/// <summary>A dead letter with its body as JSON, and what was done with it.</summary>
internal sealed record DeadLetterDocument(DeadLetter DeadLetter, JsonElement Payload, string? Stack, IReadOnlyList<DeadLetterEntry> History);

/// <summary>With how many it was done.</summary>
internal sealed record CountDocument(long Count);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(DeadLetterPage))]
[JsonSerializable(typeof(DeadLetterDocument))]
[JsonSerializable(typeof(CountDocument))]
[JsonSerializable(typeof(IReadOnlyList<SubscriptionStatus>))]
[JsonSerializable(typeof(IReadOnlyList<LaneStatus>))]
[JsonSerializable(typeof(IReadOnlyList<JobStatus>))]
[JsonSerializable(typeof(IReadOnlyList<SecretDocument>))]
[JsonSerializable(typeof(SecretDocument))]
internal sealed partial class OperatorJson : JsonSerializerContext
{
    // For a terminal or a program, never for a page: letters stay as they are.
    public static OperatorJson Readable { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    });

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, (JsonTypeInfo<T>)Readable.GetTypeInfo(typeof(T))!);
}
