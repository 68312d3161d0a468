using System.Text.Json;
using System.Text.RegularExpressions;

namespace Platform.Contracts.Model;

/// <summary>
/// One schema of a document, with the keywords that documents of Platform use. Any other keyword is an error, so that nothing goes unchecked.
/// </summary>
internal sealed class ContractSchema
{
    /// <summary>The name among the components; null for one that is written in place.</summary>
    public string? Name { get; init; }

    public JsonTypes Types { get; private set; } = JsonTypes.Any;

    public string? Description { get; private set; }

    public string? Format { get; private set; }

    public Regex? Pattern { get; private set; }

    public IReadOnlyList<JsonElement>? Enum { get; private set; }

    public double? Minimum { get; private set; }

    public double? Maximum { get; private set; }

    public int? MinLength { get; private set; }

    public int? MaxLength { get; private set; }

    public int? MinItems { get; private set; }

    public int? MaxItems { get; private set; }

    public JsonElement? Default { get; private set; }

    public JsonElement? Example { get; private set; }

    public ContractSchema? Items { get; private set; }

    /// <summary>What members that are not named have to be; null when there are none.</summary>
    public ContractSchema? AdditionalProperties { get; private set; }

    public IReadOnlyDictionary<string, ContractSchema> Properties { get; private set; } = new Dictionary<string, ContractSchema>();

    public IReadOnlySet<string> Required { get; private set; } = new HashSet<string>();

    public IReadOnlyList<ContractSchema> AllOf { get; private set; } = [];

    /// <summary>Exactly one of these; Platform's documents say "this or null" with it.</summary>
    public IReadOnlyList<ContractSchema> OneOf { get; private set; } = [];

    /// <summary>Whether it says nothing but "any JSON".</summary>
    public bool IsAnything => Types == JsonTypes.Any && Properties.Count == 0 && AllOf.Count == 0 && OneOf.Count == 0 && Enum is null;

    /// <summary>The schema behind "this or null".</summary>
    public ContractSchema WithoutNull => OneOf.Count == 2 ? OneOf.First(option => option.Types != JsonTypes.Null) : this;

    public bool AllowsNull => Types.HasFlag(JsonTypes.Null) && (OneOf.Count == 0 || OneOf.Any(option => option.AllowsNull)) && AllOf.All(part => part.AllowsNull);

    internal void Read(JsonElement source, Func<JsonElement, ContractSchema> schema)
    {
        foreach (var keyword in source.EnumerateObject())
        {
            var value = keyword.Value;
            switch (keyword.Name)
            {
                case "type": Types = JsonTypeNames.Parse(value); break;
                case "description": Description = value.GetString(); break;
                case "format": Format = value.GetString(); break;
                case "pattern": Pattern = new Regex(value.GetString()!, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)); break;
                case "enum": Enum = [.. value.EnumerateArray()]; break;
                case "minimum": Minimum = value.GetDouble(); break;
                case "maximum": Maximum = value.GetDouble(); break;
                case "minLength": MinLength = value.GetInt32(); break;
                case "maxLength": MaxLength = value.GetInt32(); break;
                case "minItems": MinItems = value.GetInt32(); break;
                case "maxItems": MaxItems = value.GetInt32(); break;
                case "default": Default = value; break;
                case "example": Example = value; break;
                case "examples": Example = value.EnumerateArray().First(); break;
                case "items": Items = schema(value); break;
                case "additionalProperties" when value.ValueKind is JsonValueKind.Object: AdditionalProperties = schema(value); break;
                case "additionalProperties" when value.ValueKind is JsonValueKind.False: break;
                case "properties": Properties = value.EnumerateObject().ToDictionary(member => member.Name, member => schema(member.Value), StringComparer.Ordinal); break;
                case "required": Required = value.EnumerateArray().Select(name => name.GetString()!).ToHashSet(StringComparer.Ordinal); break;
                case "allOf": AllOf = [.. value.EnumerateArray().Select(schema)]; break;
                case "oneOf": OneOf = [.. value.EnumerateArray().Select(schema)]; break;
                case "title" or "deprecated" or "readOnly" or "writeOnly": break;
                case var extension when extension.StartsWith("x-", StringComparison.Ordinal): break;
                default: throw new ContractException($"The keyword {keyword.Name} of schemas is not known here.");
            }
        }
    }
}
