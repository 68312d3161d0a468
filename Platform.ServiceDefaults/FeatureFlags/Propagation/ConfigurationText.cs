using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Configuration;
using Platform.FeatureFlags;

namespace Platform.ServiceDefaults.FeatureFlags;

/// <summary>Turns sections of the configuration, where every value is text, back into JSON.</summary>
internal static class ConfigurationText
{
    /// <summary>JSON for a type: what the type has as a number or a truth value is written as such.</summary>
    public static byte[] Typed(IConfigurationSection section, Type type) => JsonSerializer.SerializeToUtf8Bytes(Node(section, type));

    /// <summary>JSON where every value is text, which is how Microsoft.FeatureManagement reads its own.</summary>
    public static JsonElement Untyped(IConfigurationSection section) => JsonSerializer.SerializeToElement(Node(section, typeof(string)));

    private static JsonNode? Node(IConfigurationSection section, Type type)
    {
        var children = section.GetChildren().ToArray();
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (children.Length == 0)
        {
            return Value(section.Value, type);
        }

        if (children.All(child => int.TryParse(child.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            var element = type.IsGenericType ? type.GetGenericArguments()[0] : type;
            return new JsonArray([.. children.OrderBy(child => int.Parse(child.Key, CultureInfo.InvariantCulture)).Select(child => Node(child, element))]);
        }

        var properties = type == typeof(string) || type == typeof(JsonElement)
            ? []
            : FlagJson.Options.GetTypeInfo(type).Properties;
        var json = new JsonObject();
        foreach (var child in children)
        {
            var property = Find(properties, child.Key);
            json[property?.Name ?? child.Key] = Node(child, property?.PropertyType ?? (type == typeof(JsonElement) ? type : typeof(string)));
        }

        return json;
    }

    private static JsonPropertyInfo? Find(IList<JsonPropertyInfo> properties, string key) =>
        properties.FirstOrDefault(property => string.Equals(property.Name, key, StringComparison.OrdinalIgnoreCase));

    private static JsonNode? Value(string? text, Type type)
    {
        if (text is null)
        {
            return null;
        }

        if ((type == typeof(bool) || type == typeof(JsonElement)) && bool.TryParse(text, out var truth))
        {
            return truth;
        }

        if ((type == typeof(decimal) || type == typeof(int) || type == typeof(JsonElement))
            && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        // An enumeration by its name in any case, as configuration has it everywhere else.
        return type.IsEnum && text.Length > 0 ? char.ToLowerInvariant(text[0]) + text[1..] : text;
    }
}
