using Platform.Contracts.Model;

namespace Platform.Contracts.Clients;

/// <summary>Writes the records and enumerations of a document.</summary>
internal static class ClientModels
{
    public static string Write(ClientTypes types, string header)
    {
        var code = new CodeText(header).Line().Line("using System.Text.Json;").Line("using System.Text.Json.Serialization;").Line().Line("namespace Platform.Client;");
        foreach (var (name, schema) in types.Records)
        {
            WriteRecord(code, types, CodeText.Pascal(name), schema);
        }

        return code.ToString();
    }

    public static string WriteEnumerations(ClientTypes types, string header)
    {
        var code = new CodeText(header).Line().Line("using System.Text.Json.Serialization;").Line().Line("namespace Platform.Client;");
        foreach (var (name, values) in types.Enumerations)
        {
            code.Line().Summary("A value of the API. Newer servers may send others: they pass unchanged.")
                .Line($"[JsonConverter(typeof(OpenValueConverter<{name}>))]")
                .Line($"public readonly record struct {name}(string Value) : IOpenValue<{name}>").Line("{");
            foreach (var value in values)
            {
                code.Summary($"`{value}`").Line($"public static {name} {MemberOf(value, name)} {{ get; }} = new(\"{value}\");").Line();
            }

            code.Summary("Takes a value as it is on the wire.")
                .Line($"public static {name} Parse(string value) => new(value);").Line()
                .Line("/// <inheritdoc/>")
                .Line("public override string ToString() => Value;").Line("}");
        }

        return code.ToString();
    }

    public static string WriteJson(IEnumerable<string> serializable, string header)
    {
        var code = new CodeText(header).Line().Line("using System.Text.Json;").Line("using System.Text.Json.Nodes;").Line("using System.Text.Json.Serialization;").Line()
            .Line("namespace Platform.Client;").Line()
            .Line("[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]");
        foreach (var type in serializable.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            code.Line($"[JsonSerializable(typeof({type}))]");
        }

        return code.Line("internal sealed partial class PlatformJson : JsonSerializerContext;").ToString();
    }

    private static void WriteRecord(CodeText code, ClientTypes types, string name, ContractSchema schema)
    {
        code.Line().Summary(schema.Description ?? $"{name}.").Line($"public sealed record {name}").Line("{");
        var first = true;
        foreach (var (member, property) in schema.Properties)
        {
            if (!first)
            {
                code.Line();
            }

            first = false;
            var type = types.Of(property, name + CodeText.Pascal(member));
            var required = schema.Required.Contains(member);
            code.Summary(property.Description ?? property.WithoutNull.Description ?? $"`{member}`.").Line($"[JsonPropertyName(\"{member}\")]");
            if (required && property.AllowsNull && type != "JsonElement")
            {
                // Sent in any case: there it stands for something.
                code.Line("[JsonIgnore(Condition = JsonIgnoreCondition.Never)]");
            }

            var nullable = (!required || property.AllowsNull) && !(required && type == "JsonElement");
            code.Line($"public {(required && !nullable ? "required " : "")}{type}{(nullable ? "?" : "")} {(CodeText.Pascal(member) is var pascal && pascal == name ? pascal + "Value" : pascal)} {{ get; init; }}");
        }

        code.Line("}");
    }

    private static string MemberOf(string value, string type)
    {
        var member = CodeText.Pascal(value.Any(char.IsAsciiLetterLower) ? value : value.ToLowerInvariant());
        // A minus is descending, in orders of lists.
        member = value.StartsWith('-') ? $"{member}Descending" : member;
        return member is "Value" or "Parse" || member == type ? $"Of{member}" : member;
    }
}
