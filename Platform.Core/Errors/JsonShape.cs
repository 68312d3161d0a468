using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Platform.Redaction;

namespace Platform.Errors;

/// <summary>
/// Holds JSON against the type that it was to become, and names every place that does not fit: reading stops at the first. It is for JSON that was refused already. Names that are the caller's are redacted. Thread safe.
/// </summary>
public static class JsonShape
{
    private const int MaxErrors = 100;

    /// <summary>Every place that does not fit, in the order of the text; at most 100.</summary>
    /// <param name="value">What was refused.</param>
    /// <param name="type">What it was to become.</param>
    public static IReadOnlyList<FieldError> Errors(JsonElement value, JsonTypeInfo type)
    {
        ArgumentNullException.ThrowIfNull(type);
        var errors = new List<FieldError>();
        Look(value, type, "", errors);
        return errors;
    }

    /// <summary>
    /// Whether all texts and names in valid JSON are Unicode: half a surrogate pair is none, can be written as an escape, and is refused by who stores it (RFC 8259,
    /// section 8.2). Those that became strings were found while they were read; this is for JSON that is kept as it came.
    /// </summary>
    /// <param name="json">One value.</param>
    /// <param name="maxDepth">How deep it may be.</param>
    public static bool IsWhole(ReadOnlySpan<byte> json, int maxDepth = 64)
    {
        if (json.IndexOf("\\ud"u8) < 0 && json.IndexOf("\\uD"u8) < 0)
        {
            return true;
        }

        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = maxDepth });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                {
                    // Reading a text is what finds it.
                    _ = reader.GetString();
                }
            }
        }
        catch (InvalidOperationException)
        {
            return false;
        }

        return true;
    }

    /// <summary>What is said of one place.</summary>
    /// <param name="pointer">Where it is (RFC 6901).</param>
    public static FieldError Wrong(string pointer) =>
        new(pointer, "invalid", "The value has the wrong type, form or range, or the field is there twice.");

    private static void Look(JsonElement value, JsonTypeInfo type, string pointer, List<FieldError> errors)
    {
        if (errors.Count >= MaxErrors)
        {
            return;
        }

        if (Nullable.GetUnderlyingType(type.Type) is { } underlying && value.ValueKind is not JsonValueKind.Null)
        {
            Look(value, type.Options.GetTypeInfo(underlying), pointer, errors);
            return;
        }

        switch (type.Kind, value.ValueKind)
        {
            case (JsonTypeInfoKind.Object, JsonValueKind.Object) when type.PolymorphismOptions is null:
                LookAtMembers(value, type, pointer, errors);
                break;
            case (JsonTypeInfoKind.Enumerable, JsonValueKind.Array) when type.ElementType is { } element:
                var items = type.Options.GetTypeInfo(element);
                foreach (var (index, item) in value.EnumerateArray().Index())
                {
                    Look(item, items, $"{pointer}/{index}", errors);
                }

                break;
            case (JsonTypeInfoKind.Dictionary, JsonValueKind.Object) when type.ElementType is { } element:
                var values = type.Options.GetTypeInfo(element);
                foreach (var member in value.EnumerateObject())
                {
                    Look(member.Value, values, JsonPointer.Child(pointer, Redactor.Default.Redact(member.Name)), errors);
                }

                break;
            default:
                TryToRead(value, type, pointer, errors);
                break;
        }
    }

    private static void LookAtMembers(JsonElement value, JsonTypeInfo type, string pointer, List<FieldError> errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var closed = (type.UnmappedMemberHandling ?? type.Options.UnmappedMemberHandling) is JsonUnmappedMemberHandling.Disallow;
        foreach (var member in value.EnumerateObject())
        {
            if (type.Properties.FirstOrDefault(property => property.Name == member.Name) is not { } property)
            {
                if (closed)
                {
                    errors.Add(Wrong(JsonPointer.Child(pointer, Redactor.Default.Redact(member.Name))));
                }

                continue;
            }

            var place = JsonPointer.Child(pointer, member.Name);
            if (!seen.Add(member.Name) && !type.Options.AllowDuplicateProperties)
            {
                errors.Add(Wrong(place));
            }
            else if (property.CustomConverter is null && (property.Set is not null || property.AssociatedParameter is not null))
            {
                Look(member.Value, type.Options.GetTypeInfo(property.PropertyType), place, errors);
            }
        }

        foreach (var property in type.Properties.Where(property => property.IsRequired && !seen.Contains(property.Name)))
        {
            errors.Add(new FieldError(JsonPointer.Child(pointer, property.Name), "required", "A value is required."));
        }
    }

    private static void TryToRead(JsonElement value, JsonTypeInfo type, string pointer, List<FieldError> errors)
    {
        try
        {
            value.Deserialize(type);
        }
        catch (JsonException exception)
        {
            // Names of members are the caller's, and an address is no longer one when it is cut at its dots.
            errors.Add(Wrong(pointer + JsonPointer.FromPath(Redactor.Default.Redact(exception.Path ?? "$"))));
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair is told when it is read as text.
            errors.Add(Wrong(pointer));
        }
    }
}
