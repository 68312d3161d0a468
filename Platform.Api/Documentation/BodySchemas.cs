using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Platform.Api.Http;
using Platform.Api.Orders;

namespace Platform.Api.Documentation;

/// <summary>
/// Makes schemas say what the server does. Bodies are read into nullable members, so that every absent one is told at once: which ones the server insists
/// on is what their descriptions say. Enumerations are words. What is null is left out of answers that are written as flags are.
/// </summary>
internal sealed partial class BodySchemas : IOpenApiDocumentTransformer, IOpenApiSchemaTransformer
{
    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var info = context.JsonTypeInfo;
        var type = Nullable.GetUnderlyingType(info.Type) ?? info.Type;
        if (type.IsEnum)
        {
            schema.Type = (schema.Type & JsonSchemaType.Null) | JsonSchemaType.String;
            schema.Enum = [.. Enum.GetNames(type).Select(JsonNode (name) => JsonNamingPolicy.CamelCase.ConvertName(name))];
        }
        else if (type == typeof(decimal))
        {
            schema.Format = "decimal";
        }
        else if (info.Kind is JsonTypeInfoKind.Object && ApiJson.Default.GetTypeInfo(info.Type) is null)
        {
            schema.Required?.ExceptWith(info.Properties.Where(property => property.IsGetNullable).Select(property => property.Name));
        }

        return Task.CompletedTask;
    }

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        var schemas = document.Components?.Schemas ?? new Dictionary<string, IOpenApiSchema>();
        var received = Named(document, Answers(document));
        foreach (var name in Named(document, Bodies(document).SelectMany(body => body.Values)))
        {
            // Definitions are read as they are written, by types that say themselves what is required.
            if (schemas[name] is OpenApiSchema { Properties: { } properties } body && !name.EndsWith("Definition", StringComparison.Ordinal))
            {
                body.Required = properties.Where(member => RequiredText().IsMatch(member.Value.Description ?? "")).Select(member => member.Key).ToHashSet(StringComparer.Ordinal);

                // What is not required may be left out. Null is for answers, and for the one member where it means something.
                foreach (var member in properties.Keys.Where(member => !received.Contains(name) && (name, member) is not (nameof(OrderChangeRequest), "reference")).ToArray())
                {
                    properties[member] = WithoutNull(properties[member]);
                }
            }
        }

        foreach (var (name, schema) in schemas)
        {
            if (schema is OpenApiSchema described)
            {
                DescribeWords(name, described);
                described.Examples = DocumentExamples.Of(name) is { } example ? [example] : described.Examples;
            }
        }

        foreach (var body in Bodies(document).Where(body => body.ContainsKey(MergePatch.MediaType)))
        {
            foreach (var media in body.Values)
            {
                media.Schema = media.Schema is OpenApiSchemaReference { Reference.Id: { } id } && schemas[id] is OpenApiSchema whole ? Patch(whole) : media.Schema;
            }
        }

        return Task.CompletedTask;
    }

    // What may be changed: every member, and null for those that may be absent (RFC 7396).
    private static OpenApiSchema Patch(OpenApiSchema whole) => new()
    {
        Type = JsonSchemaType.Object,
        Description = $"{whole.Description} What is absent stays as it is.",
        Properties = whole.Properties!.ToDictionary(
            member => member.Key,
            member => member.Value is OpenApiSchema text && whole.Required?.Contains(member.Key) is not true ? OrNull(text) : member.Value,
            StringComparer.Ordinal),
        Examples = whole.Examples?.Select(example => example.DeepClone()).ToList(),
    };

    private static OpenApiSchema OrNull(OpenApiSchema schema)
    {
        var copy = (OpenApiSchema)schema.CreateShallowCopy();
        copy.Type |= JsonSchemaType.Null;
        return copy;
    }

    private static IEnumerable<IDictionary<string, OpenApiMediaType>> Bodies(OpenApiDocument document) =>
        document.Paths.SelectMany(path => path.Value.Operations ?? []).Select(operation => operation.Value.RequestBody?.Content).OfType<IDictionary<string, OpenApiMediaType>>();

    private static void DescribeWords(string name, OpenApiSchema schema)
    {
        foreach (var (member, property) in schema.Properties ?? new Dictionary<string, IOpenApiSchema>())
        {
            if (BodyWords.Of(name, member) is { } words && property is OpenApiSchema text)
            {
                text.Enum = [.. words.Select(JsonNode (word) => word)];
            }
        }
    }

    private static IEnumerable<OpenApiMediaType> Answers(OpenApiDocument document) =>
        document.Paths.SelectMany(path => path.Value.Operations ?? [])
            .SelectMany(operation => operation.Value.Responses ?? [])
            .SelectMany(response => response.Value.Content ?? new Dictionary<string, OpenApiMediaType>())
            .Select(content => content.Value);

    // The named schemas that something is made of.
    private static HashSet<string> Named(OpenApiDocument document, IEnumerable<OpenApiMediaType> content)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var schemas = document.Components?.Schemas ?? new Dictionary<string, IOpenApiSchema>();
        foreach (var media in content)
        {
            Visit(media.Schema);
        }

        return names;

        void Visit(IOpenApiSchema? schema)
        {
            switch (schema)
            {
                case OpenApiSchemaReference { Reference.Id: { } id } when names.Add(id):
                    Visit(schemas[id]);
                    break;
                case OpenApiSchema inner:
                    Visit(inner.Items);
                    Visit(inner.AdditionalProperties);
                    foreach (var part in (inner.Properties?.Values ?? []).Concat(inner.OneOf ?? []))
                    {
                        Visit(part);
                    }

                    break;
            }
        }
    }

    private static IOpenApiSchema WithoutNull(IOpenApiSchema schema)
    {
        if (schema is OpenApiSchema { OneOf: [OpenApiSchema { Type: JsonSchemaType.Null }, var other] })
        {
            return other;
        }

        if (schema is OpenApiSchema { Type: { } type } typed)
        {
            typed.Type = type & ~JsonSchemaType.Null;
        }

        return schema;
    }

    // "Required but for" something is for the server to decide.
    [GeneratedRegex(@"\bRequired\b(?! but)")]
    private static partial Regex RequiredText();
}
