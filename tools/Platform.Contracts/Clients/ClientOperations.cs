using Platform.Contracts.Model;

namespace Platform.Contracts.Clients;

/// <summary>Writes a class for each tag of a document, with a method for each of its operations.</summary>
internal sealed class ClientOperations(ClientTypes types, string header)
{
    private const string Json = "application/json";
    private const string Stream = "text/event-stream";

    // What the methods read and write.
    public HashSet<string> Serialized { get; } = ["ProblemDetails"];

    public string WriteRoot(IEnumerable<string> tags)
    {
        var code = new CodeText(header).Line().Line("namespace Platform.Client;").Line()
            .Line("public sealed partial class PlatformClient").Line("{");
        foreach (var tag in tags)
        {
            code.Summary($"{tag}.").Line($"public {ClassOf(tag)} {CodeText.Pascal(tag)} => field ??= new(_transport);").Line();
        }

        return code.Line("}").ToString();
    }

    public string WriteClass(string tag, IEnumerable<ContractOperation> operations)
    {
        var code = new CodeText(header).Line()
            .Line("using System.Net.ServerSentEvents;").Line("using System.Text.Json;").Line("using System.Text.Json.Nodes;").Line()
            .Line("namespace Platform.Client;").Line()
            .Summary($"{tag}. Thread safe.")
            .Line($"public sealed class {ClassOf(tag)}").Line("{")
            .Line("private readonly PlatformTransport _transport;").Line()
            .Line($"internal {ClassOf(tag)}(PlatformTransport transport) => _transport = transport;");
        foreach (var operation in operations)
        {
            WriteOperation(code, operation);
        }

        return code.Line("}").ToString();
    }

    public static string ClassOf(string tag) => $"{CodeText.Pascal(tag)}Client";

    private void WriteOperation(CodeText code, ContractOperation operation)
    {
        var arguments = Arguments(operation).OrderBy(argument => argument.IsOptional).ToArray();
        var answer = AnswerOf(operation);
        var isStream = operation.Responses.GetValueOrDefault("200")?.Content.ContainsKey(Stream) is true;
        Document(code, operation, arguments);
        var result = isStream ? "IAsyncEnumerable<SseItem<string>>" : answer is null ? "Task<Answer>" : $"Task<Answer<{answer}>>";
        var parameters = string.Join(", ", arguments.Select(argument => argument.Declaration).Append("CancellationToken cancellationToken = default"));
        var call = isStream ? "StreamAsync(" : "SendAsync(";
        code.Line($"public {result} {operation.Id}Async({parameters}) => _transport.{call}")
            .Line($"    new PlatformRequest(HttpMethod.{CodeText.Pascal(operation.Method.ToLowerInvariant())}, {PathOf(operation)})");
        foreach (var argument in arguments.Where(argument => argument.Call is not null))
        {
            code.Line($"        {argument.Call}");
        }

        code.Line($"    , {(answer is null || isStream ? "" : $"PlatformJson.Default.{InfoOf(answer)}, ")}cancellationToken);");
        if (Paged(operation) is { } item)
        {
            WritePages(code, operation, arguments, item);
        }
    }

    private static void WritePages(CodeText code, ContractOperation operation, Argument[] arguments, string item)
    {
        var given = arguments.Where(argument => argument.Name is not ("cursor" or "ifNoneMatch" or "ifModifiedSince")).ToArray();
        var parameters = string.Join(", ", given.Select(argument => argument.Declaration).Append("CancellationToken cancellationToken = default"));
        var passed = string.Join(", ", given.Select(argument => $"{argument.Name}: {argument.Name}").Append("cursor: cursor").Append("cancellationToken: cancel"));
        code.Line().Summary($"{operation.Summary}: all pages, read as they are wanted.")
            .Line($"public IAsyncEnumerable<{item}> {operation.Id}AllAsync({parameters}) => Pages.ReadAsync(")
            .Line($"    async (cursor, cancel) => (await {operation.Id}Async({passed})).Required, page => (page.Items, page.Next), cancellationToken);");
    }

    private static void Document(CodeText code, ContractOperation operation, IEnumerable<Argument> arguments)
    {
        code.Line().Summary($"{operation.Summary}. {operation.Description}".Trim());
        foreach (var argument in arguments)
        {
            code.Line($"/// <param name=\"{argument.Name.TrimStart('@')}\">{CodeText.Documented(argument.Description ?? $"`{argument.Name}`.")}</param>");
        }

        code.Line("/// <param name=\"cancellationToken\">Gives up.</param>")
            .Line("/// <exception cref=\"PlatformException\">The request was refused or failed.</exception>");
    }

    private IEnumerable<Argument> Arguments(ContractOperation operation)
    {
        foreach (var parameter in operation.Parameters.Where(parameter => parameter.In == "path"))
        {
            yield return new(CodeText.Camel(parameter.Name), types.Of(parameter.Schema, operation.Id + CodeText.Pascal(parameter.Name)), false, null, parameter.Description);
        }

        if (operation.Body is { } body)
        {
            var (media, schema) = body.Content.First();
            var isPatch = media != Json;
            var type = isPatch ? "JsonObject" : types.Of(schema, $"{operation.Id}Body");
            Serialized.Add(type);
            yield return new(
                isPatch ? "patch" : "body", type, !body.Required,
                $".Json({(isPatch ? "patch" : "body")}, PlatformJson.Default.{InfoOf(type)}, \"{media}\")", schema.Description ?? "What is sent.");
        }

        foreach (var parameter in operation.Parameters.Where(parameter => parameter.In is "query" or "header"))
        {
            var name = CodeText.Camel(parameter.Name);
            var type = types.Of(parameter.Schema, operation.Id + CodeText.Pascal(parameter.Name));
            yield return new(name, type, !parameter.Required, $".{CodeText.Pascal(parameter.In)}(\"{parameter.Name}\", {name})", parameter.Description);
        }
    }

    private string? AnswerOf(ContractOperation operation)
    {
        var schema = operation.Responses.Where(response => response.Key[0] == '2').Select(response => response.Value.Content.GetValueOrDefault(Json)).FirstOrDefault(schema => schema is not null);
        if (schema is null)
        {
            return null;
        }

        var type = types.Of(schema, $"{operation.Id}Answer");
        Serialized.Add(type);
        return type;
    }

    // A list that is read on by a cursor: the type of its items.
    private string? Paged(ContractOperation operation) =>
        operation.Parameters.Any(parameter => parameter is { In: "query", Name: "cursor" })
        && operation.Responses["200"].Content.GetValueOrDefault(Json) is { } page
        && page.Properties.TryGetValue("items", out var items)
        && page.Properties.ContainsKey("next")
            ? types.Of(items.Items!, "Item")
            : null;

    private static string PathOf(ContractOperation operation)
    {
        var path = operation.Path.TrimStart('/');
        foreach (var parameter in operation.Parameters.Where(parameter => parameter.In == "path"))
        {
            path = path.Replace($"{{{parameter.Name}}}", $"{{PlatformRequest.Segment({CodeText.Camel(parameter.Name)})}}", StringComparison.Ordinal);
        }

        return $"$\"{path}\"";
    }

    // As the generator of System.Text.Json names it.
    private static string InfoOf(string type) => type.StartsWith("IReadOnlyList<", StringComparison.Ordinal) ? $"IReadOnlyList{type[14..^1]}" : CodeText.Pascal(type);

    private sealed record Argument(string Name, string Type, bool IsOptional, string? Call, string? Description)
    {
        public string Declaration => IsOptional ? $"{Type}? {Name} = null" : $"{Type} {Name}";
    }
}
