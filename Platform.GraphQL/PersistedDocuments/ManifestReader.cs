using System.Text.Json;
using GraphQLParser;
using GraphQLParser.AST;
using GraphQLParser.Exceptions;
using Platform.EntityFrameworkCore.PersistedDocuments;

namespace Platform.GraphQL.PersistedDocuments;

/// <summary>Reads a client's manifest. What it gives is trusted, so what does not fit is an error and never passed over.</summary>
/// <remarks>
/// A document is kept under its SHA-256 digest, and under the manifest's own identifier where that is another one. An identifier that looks like a
/// SHA-256 digest has to be the digest of its text.
/// </remarks>
internal static class ManifestReader
{
    private const long MaxBytes = 64 * 1024 * 1024;
    private const int MaxDocuments = 50_000;
    private const string ApolloFormat = "apollo-persisted-query-manifest";

    private static readonly JsonDocumentOptions JsonOptions = new() { AllowDuplicateProperties = false };

    /// <summary>Reads a file, or a folder for <see cref="ManifestFormat.Folder"/>.</summary>
    /// <returns>The documents, each identifier once, and what is wrong, each with the identifier that it is about. With an error the documents are not to be used.</returns>
    public static async Task<(IReadOnlyList<ManifestDocument> Documents, IReadOnlyList<string> Errors)> ReadAsync(
        ManifestFormat format, string path, CancellationToken cancellationToken)
    {
        var errors = new List<string>();
        var entries = format == ManifestFormat.Folder
            ? await ReadFolderAsync(path, errors, cancellationToken)
            : await ReadFileAsync(format, path, errors, cancellationToken);
        if (entries.Count > MaxDocuments)
        {
            errors.Add($"A manifest has at most {MaxDocuments} documents; this one has {entries.Count}.");
            return ([], errors);
        }

        var documents = new Dictionary<string, ManifestDocument>(StringComparer.Ordinal);
        foreach (var (id, text) in entries)
        {
            Add(documents, id, text, errors);
        }

        return ([.. documents.Values], errors);
    }

    private static void Add(Dictionary<string, ManifestDocument> documents, string id, string text, List<string> errors)
    {
        var digest = DocumentIdentifier.Of(text);
        var own = DocumentIdentifier.TryFromDigest(id, out var fromDigest) ? fromDigest : id;
        if (!DocumentIdentifier.IsWellFormed(own))
        {
            errors.Add($"{id}: not a document identifier (letters, digits, - . _ ~, at most 128).");
        }
        else if (DocumentIdentifier.IsDigest(own) && own != digest)
        {
            errors.Add($"{id}: not the SHA-256 digest of its text, which is {digest[DocumentIdentifier.Sha256Prefix.Length..]}.");
        }
        else if (TryNameOf(text, out var operationName, out var syntaxError))
        {
            documents[digest] = new ManifestDocument(digest, text, operationName);
            if (own != digest && documents.TryGetValue(own, out var other) && other.Text != text)
            {
                errors.Add($"{id}: stands for two texts.");
            }

            documents[own] = new ManifestDocument(own, text, operationName);
        }
        else
        {
            errors.Add($"{id}: {syntaxError}");
        }
    }

    private static bool TryNameOf(string text, out string? name, out string? error)
    {
        name = null;
        error = null;
        try
        {
            var operation = Parser.Parse(text, new ParserOptions { Ignore = IgnoreOptions.Comments }).Definitions.OfType<GraphQLOperationDefinition>().FirstOrDefault();
            name = operation?.Name?.StringValue;
            error = operation is null ? "no operation in it." : null;
        }
        catch (Exception e) when (e is GraphQLSyntaxErrorException or GraphQLMaxDepthExceededException)
        {
            error = e is GraphQLSyntaxErrorException syntax ? $"syntax error: {syntax.Description}" : "nests too deep.";
        }

        return error is null;
    }

    private static async Task<List<KeyValuePair<string, string>>> ReadFolderAsync(string path, List<string> errors, CancellationToken cancellationToken)
    {
        var entries = new List<KeyValuePair<string, string>>();
        if (!Directory.Exists(path))
        {
            errors.Add($"{path}: no such folder.");
            return entries;
        }

        foreach (var file in Directory.EnumerateFiles(path, "*.graphql").Order(StringComparer.Ordinal).Take(MaxDocuments + 1))
        {
            if (new FileInfo(file).Length > MaxBytes)
            {
                errors.Add($"{file}: larger than {MaxBytes} bytes.");
                continue;
            }

            entries.Add(new(Path.GetFileNameWithoutExtension(file), await File.ReadAllTextAsync(file, cancellationToken)));
        }

        if (entries.Count == 0)
        {
            errors.Add($"{path}: no file *.graphql in it.");
        }

        return entries;
    }

    private static async Task<List<KeyValuePair<string, string>>> ReadFileAsync(
        ManifestFormat format, string path, List<string> errors, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            errors.Add($"{path}: no such file.");
            return [];
        }

        if (new FileInfo(path).Length > MaxBytes)
        {
            errors.Add($"{path}: larger than {MaxBytes} bytes.");
            return [];
        }

        try
        {
            await using var file = File.OpenRead(path);
            using var json = await JsonDocument.ParseAsync(file, JsonOptions, cancellationToken);
            return format == ManifestFormat.Apollo ? ReadApollo(json.RootElement, errors) : ReadMap(json.RootElement, errors);
        }
        catch (JsonException e)
        {
            errors.Add($"{path}: not JSON, line {e.LineNumber + 1}.");
            return [];
        }
    }

    private static List<KeyValuePair<string, string>> ReadApollo(JsonElement root, List<string> errors)
    {
        var entries = new List<KeyValuePair<string, string>>();
        if (root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("format", out var format) || !format.ValueEquals(ApolloFormat)
            || !root.TryGetProperty("version", out var version) || version.ValueKind != JsonValueKind.Number || version.GetDouble() != 1
            || !root.TryGetProperty("operations", out var operations) || operations.ValueKind != JsonValueKind.Array)
        {
            errors.Add($"Not a manifest of the format '{ApolloFormat}', version 1, with an array 'operations'.");
            return entries;
        }

        foreach (var (operation, index) in operations.EnumerateArray().Select((operation, index) => (operation, index)))
        {
            if (operation.ValueKind == JsonValueKind.Object
                && operation.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String
                && operation.TryGetProperty("body", out var body) && body.ValueKind == JsonValueKind.String)
            {
                entries.Add(new(id.GetString()!, body.GetString()!));
            }
            else
            {
                errors.Add($"/operations/{index}: no text in 'id' or 'body'.");
            }
        }

        return entries;
    }

    private static List<KeyValuePair<string, string>> ReadMap(JsonElement root, List<string> errors)
    {
        var entries = new List<KeyValuePair<string, string>>();
        if (root.ValueKind != JsonValueKind.Object)
        {
            errors.Add("Not an object of identifiers and documents.");
            return entries;
        }

        foreach (var property in root.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.String)
            {
                entries.Add(new(property.Name, property.Value.GetString()!));
            }
            else
            {
                errors.Add($"{property.Name}: not a text.");
            }
        }

        return entries;
    }
}
