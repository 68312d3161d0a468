using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Platform.Redaction;

/// <summary>Redacts JSON whose model is not at hand: each text, and each number that may be one of a person, by its name.</summary>
public static class SafeJson
{
    // A number of fewer digits is of no type that is found.
    private const int LeastDigits = 7;

    /// <summary>Redacts a document.</summary>
    /// <param name="json">Any JSON.</param>
    /// <param name="redactor">For whom.</param>
    /// <returns>The same document where there is nothing to redact.</returns>
    public static JsonElement Redact(JsonElement json, Redactor redactor)
    {
        ArgumentNullException.ThrowIfNull(redactor);
        if (json.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
        {
            return Redacted(json, null, redactor) is { } value ? JsonSerializer.SerializeToElement(value) : json;
        }

        var node = json.ValueKind == JsonValueKind.Object ? (JsonNode)JsonObject.Create(json)! : JsonArray.Create(json)!;
        return Redact(node, null, redactor) ? JsonSerializer.SerializeToElement(node) : json;
    }

    private static bool Redact(JsonNode? node, string? name, Redactor redactor)
    {
        var isChanged = false;
        if (node is JsonObject members)
        {
            foreach (var (key, value) in members.ToList())
            {
                if (value is JsonValue leaf)
                {
                    if (Redacted(leaf.GetValue<JsonElement>(), key, redactor) is { } redacted)
                    {
                        members[key] = redacted;
                        isChanged = true;
                    }
                }
                else
                {
                    isChanged |= Redact(value, key, redactor);
                }
            }
        }
        else if (node is JsonArray items)
        {
            for (var i = 0; i < items.Count; i++)
            {
                if (items[i] is JsonValue leaf)
                {
                    if (Redacted(leaf.GetValue<JsonElement>(), name, redactor) is { } redacted)
                    {
                        items[i] = redacted;
                        isChanged = true;
                    }
                }
                else
                {
                    isChanged |= Redact(items[i], name, redactor);
                }
            }
        }

        return isChanged;
    }

    private static string? Redacted(JsonElement value, string? name, Redactor redactor)
    {
        var text = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Number when value.TryGetInt64(out var number) && number.ToString(CultureInfo.InvariantCulture) is { Length: >= LeastDigits } digits => digits,
            _ => null,
        };
        return text is not null && redactor.Redact(text, name) is var redacted && !string.Equals(text, redacted, StringComparison.Ordinal) ? redacted : null;
    }
}
