using Platform.Contracts.Model;

namespace Platform.Contracts.Clients;

/// <summary>Makes the C# client of a document: the same text for the same document.</summary>
internal static class ClientGenerator
{
    private const string Header =
        " dotnet run --project tools/Platform.Contracts -- client docs/openapi/v1.json clients/Platform.Client/Generated ";

    /// <summary>The files, by name. Webhooks are left out: they are for whoever signs them.</summary>
    public static IReadOnlyDictionary<string, string> Generate(ContractDocument document)
    {
        var types = new ClientTypes(document);
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var operations = new ClientOperations(types, Header);
        var tags = document.Operations
            .Where(operation => operation.Security.Any(need => need.StartsWith("oauth2", StringComparison.Ordinal)))
            .GroupBy(operation => operation.Tags[0], StringComparer.Ordinal)
            .OrderBy(tag => tag.Key, StringComparer.Ordinal)
            .ToArray();
        files["Models.g.cs"] = ClientModels.Write(types, Header);
        types.EndRecords();
        foreach (var tag in tags)
        {
            files[$"{ClientOperations.ClassOf(tag.Key)}.g.cs"] = operations.WriteClass(tag.Key, tag);
        }

        files["PlatformClient.g.cs"] = operations.WriteRoot(tags.Select(tag => tag.Key));
        files["Enumerations.g.cs"] = ClientModels.WriteEnumerations(types, Header);
        files["PlatformJson.g.cs"] = ClientModels.WriteJson(operations.Serialized, Header);
        return files;
    }

    /// <summary>Writes the files, and removes those of another document.</summary>
    public static async Task WriteAsync(ContractDocument document, string folder, CancellationToken cancellationToken)
    {
        var files = Generate(document);
        Directory.CreateDirectory(folder);
        foreach (var stale in Directory.EnumerateFiles(folder, "*.g.cs").Where(path => !files.ContainsKey(Path.GetFileName(path))))
        {
            File.Delete(stale);
        }

        foreach (var (name, text) in files)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, name), text, cancellationToken);
        }
    }
}
