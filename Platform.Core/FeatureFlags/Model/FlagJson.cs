using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Platform.Errors;
using Platform.Redaction;

namespace Platform.FeatureFlags;

/// <summary>Flags as JSON: camelCase, enumerations by name, nothing that is not known.</summary>
public static class FlagJson
{
    /// <summary>How definitions and documents are written and read.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>How stored definitions are read: a host of an older release meets properties that only a newer one knows.</summary>
    internal static JsonSerializerOptions Stored { get; } = CreateStored();

    /// <summary>How the values of variants are read.</summary>
    internal static JsonSerializerOptions Values { get; } = new(JsonSerializerDefaults.Web) { MaxDepth = FlagLimits.Depth };

    internal static JsonDocumentOptions Documents { get; } = new() { MaxDepth = FlagLimits.Depth, AllowDuplicateProperties = false };

    /// <summary>Reads a document, flag, switch, sample or segment.</summary>
    /// <param name="json">UTF-8.</param>
    /// <param name="errors">Takes what cannot be read, by JSON pointer. Whether the values make sense is not checked here.</param>
    /// <returns>Null where there is an error.</returns>
    public static T? Read<T>(ReadOnlySpan<byte> json, FieldErrors errors)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(errors);
        if (json.Length > FlagLimits.DocumentBytes)
        {
            errors.Add("", "too_long", $"At most {FlagLimits.DocumentBytes} bytes are allowed.");
            return null;
        }

        try
        {
            if (JsonSerializer.Deserialize<T>(json, Options) is { } value)
            {
                if (!JsonShape.IsWhole(json, FlagLimits.Depth))
                {
                    errors.Add("", "invalid", "A text holds half a character.");
                    return null;
                }

                return HasGaps(value, "", errors) ? null : value;
            }

            errors.Add("", "required", "A value is required.");
        }
        catch (JsonException error)
        {
            foreach (var wrong in Problems<T>(json, error))
            {
                errors.Add(wrong.Pointer, wrong.Code, wrong.Code == "required" ? wrong.Message : "The JSON cannot be read here.");
            }
        }

        return null;
    }

    /// <summary>Writes a document, flag, switch, sample or segment as UTF-8.</summary>
    public static byte[] Write<T>(T value)
        where T : class => JsonSerializer.SerializeToUtf8Bytes(value, Options);

    internal static bool AreEqual<T>(T left, T right)
        where T : class =>
        JsonNode.DeepEquals(JsonSerializer.SerializeToNode(left, Options), JsonSerializer.SerializeToNode(right, Options));

    /// <summary>Parses any JSON within the limits.</summary>
    /// <returns>Undefined where there is an error.</returns>
    internal static JsonElement Parse(ReadOnlyMemory<byte> json, FieldErrors errors)
    {
        if (json.Length > FlagLimits.DocumentBytes)
        {
            errors.Add("", "too_long", $"At most {FlagLimits.DocumentBytes} bytes are allowed.");
            return default;
        }

        try
        {
            // Files that a person saved may begin with a byte order mark.
            var text = json.Span.StartsWith((ReadOnlySpan<byte>)[0xef, 0xbb, 0xbf]) ? json[3..] : json;
            using var document = JsonDocument.Parse(text, Documents);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            errors.Add("", "invalid", "This is not JSON, or it nests too deep, or names a property twice.");
            return default;
        }
    }

    // The serializer lets null be an element of any list, whatever the list is declared to hold.
    private static bool HasGaps(object value, string pointer, FieldErrors errors)
    {
        var type = Options.GetTypeInfo(value.GetType());
        var found = false;
        if (type.Kind is JsonTypeInfoKind.Enumerable && value is IEnumerable elements)
        {
            var index = 0;
            foreach (var element in elements)
            {
                var at = $"{pointer}/{index++}";
                if (element is null)
                {
                    errors.Add(at, "required", "A value is required.");
                    found = true;
                }
                else
                {
                    found |= HasGaps(element, at, errors);
                }
            }
        }
        else if (type.Kind is JsonTypeInfoKind.Object)
        {
            foreach (var property in type.Properties)
            {
                if (!property.PropertyType.IsValueType && property.Get?.Invoke(value) is { } member and not string)
                {
                    found |= HasGaps(member, $"{pointer}/{property.Name}", errors);
                }
            }
        }

        return found;
    }

    // The serializer stops at the first.
    private static IReadOnlyList<FieldError> Problems<T>(ReadOnlySpan<byte> json, JsonException first)
    {
        try
        {
            using var document = JsonDocument.Parse(json.ToArray(), new JsonDocumentOptions { MaxDepth = FlagLimits.Depth });
            if (JsonShape.Errors(document.RootElement, Options.GetTypeInfo(typeof(T))) is { Count: > 0 } errors)
            {
                return errors;
            }
        }
        catch (JsonException)
        {
            // It is no JSON, or none behind the first error.
        }

        // Names of members are the caller's, and an address is no longer one when it is cut at its dots.
        return [JsonShape.Wrong(first.Path is { } path ? JsonPointer.FromPath(Redactor.Default.Redact(path)) : "")];
    }

    private static JsonSerializerOptions CreateStored()
    {
        var options = new JsonSerializerOptions(Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            RespectNullableAnnotations = true,
            AllowDuplicateProperties = false,
            PropertyNameCaseInsensitive = false,
            NumberHandling = JsonNumberHandling.Strict,
            MaxDepth = FlagLimits.Depth,
        };
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
