using System.Globalization;
using System.Text.Json;
using Platform.Contracts.Model;

namespace Platform.Contracts.Answers;

/// <summary>Holds a value against a schema (JSON Schema 2020-12). Members that the schema does not name are differences, too: an answer is as documented, or not.</summary>
internal static class SchemaCheck
{
    private const int MaxFindings = 20;

    /// <summary>What does not fit, as <c>pointer: why</c>.</summary>
    public static IReadOnlyList<string> Check(ContractSchema schema, JsonElement value)
    {
        var findings = new List<string>();
        Check(schema, value, "", findings, named: null);
        return findings;
    }

    // The names that schemas beside this one know, when it is one of several parts.
    private static void Check(ContractSchema schema, JsonElement value, string at, List<string> findings, IReadOnlySet<string>? named)
    {
        if (findings.Count >= MaxFindings)
        {
            return;
        }

        var types = JsonTypeNames.Of(value);
        if ((types & schema.Types) == 0)
        {
            findings.Add($"{at}: {types.ToText()} instead of {schema.Types.ToText()}");
            return;
        }

        if (schema.Enum is { } values && !values.Any(allowed => JsonElement.DeepEquals(allowed, value)))
        {
            findings.Add($"{at}: {value.GetRawText()} is none of {string.Join(", ", values)}");
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                CheckObject(schema, value, at, findings, named);
                break;
            case JsonValueKind.Array:
                CheckArray(schema, value, at, findings);
                break;
            case JsonValueKind.String:
                CheckText(schema, value.GetString()!, at, findings);
                break;
            case JsonValueKind.Number when value.GetDouble() is var number && (number < schema.Minimum || number > schema.Maximum):
                findings.Add($"{at}: {number.ToString(CultureInfo.InvariantCulture)} is out of range");
                break;
        }

        if (schema.OneOf.Count > 0)
        {
            CheckOneOf(schema, value, at, findings);
        }
    }

    private static void CheckObject(ContractSchema schema, JsonElement value, string at, List<string> findings, IReadOnlySet<string>? named)
    {
        foreach (var name in schema.Required.Where(name => !value.TryGetProperty(name, out _)))
        {
            findings.Add($"{at}/{name}: is not there");
        }

        var known = schema.AllOf.Count == 0 ? named : Names(schema, named);
        foreach (var part in schema.AllOf)
        {
            Check(part, value, at, findings, known);
        }

        var describes = schema.Properties.Count > 0 || schema.AdditionalProperties is not null;
        foreach (var member in value.EnumerateObject())
        {
            if (schema.Properties.TryGetValue(member.Name, out var property))
            {
                Check(property, member.Value, $"{at}/{member.Name}", findings, null);
            }
            else if (schema.AdditionalProperties is { } others)
            {
                Check(others, member.Value, $"{at}/{member.Name}", findings, null);
            }
            else if (describes && known?.Contains(member.Name) is not true)
            {
                findings.Add($"{at}/{member.Name}: is not documented");
            }
        }
    }

    private static HashSet<string> Names(ContractSchema schema, IReadOnlySet<string>? also) =>
        [.. also ?? new HashSet<string>(), .. schema.Properties.Keys, .. schema.AllOf.SelectMany(part => Names(part, null))];

    private static void CheckArray(ContractSchema schema, JsonElement value, string at, List<string> findings)
    {
        var count = value.GetArrayLength();
        if (count < schema.MinItems || count > schema.MaxItems)
        {
            findings.Add($"{at}: {count} items");
        }

        if (schema.Items is { } items)
        {
            var index = 0;
            foreach (var item in value.EnumerateArray())
            {
                Check(items, item, $"{at}/{index++}", findings, null);
            }
        }
    }

    public static void CheckText(ContractSchema schema, string text, string at, List<string> findings)
    {
        if (text.Length < schema.MinLength || text.Length > schema.MaxLength)
        {
            findings.Add($"{at}: {text.Length} characters");
        }

        if (schema.Pattern?.IsMatch(text) is false)
        {
            findings.Add($"{at}: \"{text}\" does not match {schema.Pattern}");
        }

        var isOfFormat = schema.Format switch
        {
            "uuid" => Guid.TryParseExact(text, "D", out _),
            "date-time" => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out _) && text.Contains('T', StringComparison.Ordinal),
            "uri" => Uri.TryCreate(text, UriKind.Absolute, out _),
            "uri-reference" => Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out _),
            _ => true,
        };
        if (!isOfFormat)
        {
            findings.Add($"{at}: \"{text}\" is no {schema.Format}");
        }
    }

    private static void CheckOneOf(ContractSchema schema, JsonElement value, string at, List<string> findings)
    {
        var attempts = schema.OneOf.Select(option =>
        {
            var inner = new List<string>();
            Check(option, value, at, inner, null);
            return inner;
        }).ToArray();
        if (attempts.Count(attempt => attempt.Count == 0) != 1)
        {
            // What the last alternative, which is not null, has against it.
            findings.AddRange(attempts[^1].Count > 0 ? attempts[^1] : [$"{at}: fits several of the alternatives"]);
        }
    }
}
