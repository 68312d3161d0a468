using System.Reflection;
using System.Text.Json.Serialization.Metadata;

namespace Platform.Redaction;

/// <summary>Makes System.Text.Json honour what is declared with <see cref="PersonalAttribute"/>.</summary>
public static class PersonalJson
{
    /// <summary>
    /// A modifier of contracts, for generated and for reflected ones: <c>resolver.WithAddedModifier(PersonalJson.Redacting(...))</c>. Texts and lists of texts are
    /// redacted as their type; members of other types are left out.
    /// </summary>
    /// <param name="reader">Asked for each object: the redactor for whoever reads, or null for one who may see everything.</param>
    public static Action<JsonTypeInfo> Redacting(Func<Redactor?> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return contract =>
        {
            if (contract.Kind != JsonTypeInfoKind.Object)
            {
                return;
            }

            foreach (var property in contract.Properties)
            {
                if (property.Get is { } get && TypeOf(contract.Type, property) is { } type)
                {
                    Redact(property, get, type, reader);
                }
            }
        };
    }

    private static void Redact(JsonPropertyInfo property, Func<object, object?> get, PiiType type, Func<Redactor?> reader)
    {
        if (property.PropertyType == typeof(string) || property.PropertyType == typeof(object))
        {
            property.Get = model => get(model) is string text && reader() is { } redactor ? redactor.RedactValue(type, text) : get(model);
        }
        else if (property.PropertyType.IsAssignableFrom(typeof(List<string>)) || property.PropertyType == typeof(string[]))
        {
            property.Get = model => get(model) is IEnumerable<string?> many && reader() is { } redactor
                ? Redacted(many, type, redactor, property.PropertyType)
                : get(model);
        }
        else
        {
            // A number or date has no form that hides it.
            var shows = property.ShouldSerialize;
            property.ShouldSerialize = (model, value) => reader() is null && (shows is null || shows(model, value));
        }
    }

    private static object Redacted(IEnumerable<string?> many, PiiType type, Redactor redactor, Type wanted)
    {
        var texts = many.Select(text => text is null ? null! : redactor.RedactValue(type, text));
        return wanted == typeof(string[]) ? texts.ToArray() : texts.ToList();
    }

    private static PiiType? TypeOf(Type model, JsonPropertyInfo property)
    {
        var declared = PersonalModel.Of(model);
        if (declared.Count == 0)
        {
            return null;
        }

        // A generated contract of an older generator names no member.
        var name = (property.AttributeProvider as MemberInfo)?.Name ?? declared.Keys.FirstOrDefault(key => string.Equals(key, property.Name, StringComparison.OrdinalIgnoreCase));
        return name is not null && declared.TryGetValue(name, out var type) ? type : null;
    }
}
