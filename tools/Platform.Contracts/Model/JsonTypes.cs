using System.Text.Json;

namespace Platform.Contracts.Model;

/// <summary>The types of JSON Schema (2020-12, validation section 6.1.1).</summary>
[Flags]
internal enum JsonTypes
{
    None = 0,
    Null = 1,
    Boolean = 2,
    Integer = 4,
    Number = 8,
    String = 16,
    Array = 32,
    Object = 64,
    Any = Null | Boolean | Integer | Number | String | Array | Object,
}

internal static class JsonTypeNames
{
    public static JsonTypes Parse(JsonElement type) => type.ValueKind is JsonValueKind.Array
        ? type.EnumerateArray().Aggregate(JsonTypes.None, (types, name) => types | Parse(name))
        : Enum.Parse<JsonTypes>(type.GetString()!, ignoreCase: true);

    public static JsonTypes Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => JsonTypes.Null,
        JsonValueKind.True or JsonValueKind.False => JsonTypes.Boolean,
        JsonValueKind.String => JsonTypes.String,
        JsonValueKind.Array => JsonTypes.Array,
        JsonValueKind.Object => JsonTypes.Object,

        // 1.0 is an integer, too.
        _ => value.GetDouble() is var number && Math.Floor(number) == number ? JsonTypes.Integer | JsonTypes.Number : JsonTypes.Number,
    };

    public static string ToText(this JsonTypes types) => types.ToString().Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
}
