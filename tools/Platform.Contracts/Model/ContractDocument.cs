using System.Text.Json;

namespace Platform.Contracts.Model;

/// <summary>An OpenAPI 3.1 document, read once. Thread safe.</summary>
internal sealed class ContractDocument
{
    private static readonly string[] Methods = ["get", "put", "post", "delete", "patch", "head", "options"];

    private readonly JsonElement _root;
    private readonly Dictionary<string, ContractSchema> _schemas = new(StringComparer.Ordinal);

    private ContractDocument(JsonElement root)
    {
        _root = root;
        Operations = [.. ReadOperations()];
        foreach (var name in Components("schemas"))
        {
            _ = Schema(name.Value, name.Name);
        }
    }

    public IReadOnlyList<ContractOperation> Operations { get; }

    /// <summary>The named schemas, by name.</summary>
    public IReadOnlyDictionary<string, ContractSchema> Schemas => _schemas;

    /// <summary>The kinds of credentials: name and type.</summary>
    public IReadOnlyDictionary<string, string> SecuritySchemes =>
        Components("securitySchemes").ToDictionary(scheme => scheme.Name, scheme => scheme.Value.GetProperty("type").GetString()!, StringComparer.Ordinal);

    /// <exception cref="ContractException">It is no OpenAPI 3.1, or uses something that is not understood here.</exception>
    public static ContractDocument Parse(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8);
        using var document = JsonDocument.ParseValue(ref reader);
        var root = document.RootElement.Clone();
        return root.TryGetProperty("openapi", out var version) && version.GetString()!.StartsWith("3.1", StringComparison.Ordinal)
            ? new ContractDocument(root)
            : throw new ContractException("This is no OpenAPI 3.1 document.");
    }

    /// <summary>The operation that answers a request; null when none is documented.</summary>
    public ContractOperation? Find(string method, string path)
    {
        var segments = path.Split('?')[0].TrimEnd('/').Split('/');
        ContractOperation? found = null;
        var fewest = int.MaxValue;
        foreach (var operation in Operations)
        {
            // Of two paths that fit, that with fewer parameters, as routing has it, whatever its methods are.
            if (operation.PathParameters <= fewest && operation.Fits(segments))
            {
                found = operation.Method == method ? operation : operation.PathParameters < fewest ? null : found;
                fewest = operation.PathParameters;
            }
        }

        return found;
    }

    private IEnumerable<ContractOperation> ReadOperations()
    {
        foreach (var path in _root.GetProperty("paths").EnumerateObject())
        {
            foreach (var method in path.Value.EnumerateObject().Where(member => Methods.Contains(member.Name)))
            {
                yield return ReadOperation(method.Name.ToUpperInvariant(), path.Name, method.Value);
            }
        }
    }

    private ContractOperation ReadOperation(string method, string path, JsonElement source) => new(
        source.GetProperty("operationId").GetString()!,
        method,
        path,
        [.. source.TryGetProperty("tags", out var tags) ? tags.EnumerateArray().Select(tag => tag.GetString()!) : []],
        Text(source, "summary"),
        Text(source, "description"),
        [.. source.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray().Select(ReadParameter) : []],
        source.TryGetProperty("requestBody", out var body) ? ReadBody(Resolve(body)) : null,
        source.GetProperty("responses").EnumerateObject().ToDictionary(response => response.Name, response => ReadResponse(Resolve(response.Value)), StringComparer.Ordinal),
        [.. source.TryGetProperty("security", out var security) ? security.EnumerateArray().SelectMany(ReadSecurity) : []]);

    private static IEnumerable<string> ReadSecurity(JsonElement requirement) => requirement.EnumerateObject()
        .SelectMany(scheme => scheme.Value.EnumerateArray().Select(scope => $"{scheme.Name} {scope.GetString()}").DefaultIfEmpty(scheme.Name));

    private ContractParameter ReadParameter(JsonElement reference)
    {
        var source = Resolve(reference);
        return new(
            source.GetProperty("name").GetString()!,
            source.GetProperty("in").GetString()!,
            source.TryGetProperty("required", out var required) && required.GetBoolean(),
            Schema(source.GetProperty("schema")),
            Text(source, "description"));
    }

    private ContractBody ReadBody(JsonElement source) => new(
        source.TryGetProperty("required", out var required) && required.GetBoolean(), ReadContent(source));

    private ContractResponse ReadResponse(JsonElement source) => new(
        Text(source, "description"),
        source.TryGetProperty("headers", out var headers)
            ? headers.EnumerateObject().ToDictionary(header => header.Name, header => ReadHeader(Resolve(header.Value)), StringComparer.OrdinalIgnoreCase)
            : new Dictionary<string, ContractHeader>(),
        ReadContent(source));

    private ContractHeader ReadHeader(JsonElement source) => new(
        source.TryGetProperty("required", out var required) && required.GetBoolean(), Schema(source.GetProperty("schema")));

    private Dictionary<string, ContractSchema> ReadContent(JsonElement source) => source.TryGetProperty("content", out var content)
        ? content.EnumerateObject().ToDictionary(
            media => media.Name, media => media.Value.TryGetProperty("schema", out var schema) ? Schema(schema) : new ContractSchema(), StringComparer.OrdinalIgnoreCase)
        : [];

    private ContractSchema Schema(JsonElement source) => Schema(source, null);

    private ContractSchema Schema(JsonElement source, string? name)
    {
        if (source.TryGetProperty("$ref", out var reference))
        {
            name = reference.GetString()!.Split('/')[^1];
            source = Resolve(source);
        }

        if (name is not null && _schemas.TryGetValue(name, out var known))
        {
            return known;
        }

        var schema = new ContractSchema { Name = name };
        if (name is not null)
        {
            // Before it is read: a schema may hold itself.
            _schemas.Add(name, schema);
        }

        schema.Read(source, Schema);
        return schema;
    }

    private JsonElement Resolve(JsonElement source)
    {
        if (!source.TryGetProperty("$ref", out var reference))
        {
            return source;
        }

        var found = _root;
        foreach (var segment in reference.GetString()!.Split('/').Skip(1))
        {
            found = found.TryGetProperty(segment.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal), out var next)
                ? next
                : throw new ContractException($"{reference} leads nowhere.");
        }

        return Resolve(found);
    }

    private JsonElement.ObjectEnumerator Components(string kind) =>
        _root.TryGetProperty("components", out var components) && components.TryGetProperty(kind, out var found) ? found.EnumerateObject() : default;

    private static string? Text(JsonElement source, string name) => source.TryGetProperty(name, out var text) ? text.GetString() : null;
}
