using System.Text.Json;
using System.Text.Json.Nodes;

namespace Platform.FeatureFlags;

/// <summary>What the files of other systems have in common: flags kept as they were written, and the rest of the file around them.</summary>
internal static class Foreign
{
    public static FlagDefinition Flag(FlagOrigin origin, JsonElement json, string nameProperty) => new()
    {
        Name = json.ValueKind == JsonValueKind.Object && json.TryGetProperty(nameProperty, out var name) && name.ValueKind == JsonValueKind.String
            ? name.GetString()!
            : "",
        Origin = origin,
        Definition = json,
    };

    public static JsonObject Definition(FlagDefinition flag) => JsonObject.Create(flag.Definition ?? default) ?? [];

    public static Dictionary<string, JsonElement> Envelope(string name, JsonNode content) =>
        new(StringComparer.Ordinal) { [name] = JsonSerializer.SerializeToElement(content) };

    public static JsonObject? Envelope(FlagDocument document, string name) =>
        document.Envelopes.TryGetValue(name, out var content) && content.ValueKind == JsonValueKind.Object ? JsonObject.Create(content) : null;
}
