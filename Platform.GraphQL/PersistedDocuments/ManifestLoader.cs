using Platform.EntityFrameworkCore.PersistedDocuments;

namespace Platform.GraphQL.PersistedDocuments;

/// <summary>Makes the documents of a manifest trusted: all of them, or none when one of them is wrong.</summary>
internal sealed class ManifestLoader(ManifestCheck check, PersistedDocumentStore store)
{
    /// <summary>Reads, checks and saves them.</summary>
    /// <param name="path">The manifest, or the folder of documents.</param>
    /// <param name="format">What wrote it.</param>
    /// <param name="client">Whose documents they are.</param>
    /// <param name="replace">Whether the client loses what is not among them.</param>
    /// <param name="checkOnly">Saves nothing.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ManifestResult> RunAsync(string path, ManifestFormat format, string client, bool replace, bool checkOnly, CancellationToken cancellationToken)
    {
        var (documents, errors) = await ManifestReader.ReadAsync(format, path, cancellationToken);
        if (errors.Count == 0)
        {
            errors = await check.RunAsync(documents, cancellationToken);
        }

        if (errors.Count > 0 || checkOnly)
        {
            return new(errors, $"{documents.Count} documents fit the schema. Nothing was saved.");
        }

        var import = await store.ImportAsync(client, documents, replace, cancellationToken);
        return new(
            [.. import.Conflicts.Select(id => $"{id}: stands for another text already.")],
            $"{import.Added} added, {import.Kept} kept, {import.Removed} removed for client '{client}'.");
    }
}

/// <summary>What became of a manifest.</summary>
/// <param name="Errors">What is wrong with it, each with the identifier that it is about; nothing was saved then.</param>
/// <param name="Summary">What was done, where nothing is wrong.</param>
internal sealed record ManifestResult(IReadOnlyList<string> Errors, string Summary);
