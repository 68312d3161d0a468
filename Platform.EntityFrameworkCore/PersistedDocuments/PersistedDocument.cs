namespace Platform.EntityFrameworkCore.PersistedDocuments;

/// <summary>A GraphQL document that the server keeps under an identifier.</summary>
/// <param name="Id"><c>sha256:</c> and 64 lower-case hexadecimal digits, or the identifier that a manifest gives it.</param>
/// <param name="Text">The document, unchanged.</param>
/// <param name="Clients">The clients whose manifests hold it, which makes it trusted; none when it came by a request.</param>
public sealed record PersistedDocument(string Id, string Text, IReadOnlyList<string> Clients);

/// <summary>A document of a manifest, about to be stored.</summary>
/// <param name="Id">As in <see cref="PersistedDocument.Id"/>.</param>
/// <param name="Text">The document.</param>
/// <param name="OperationName">The name of its first operation, or null.</param>
public sealed record ManifestDocument(string Id, string Text, string? OperationName);

/// <summary>What an operator sees of a stored document.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="OperationName">The name of its first operation.</param>
/// <param name="Trusted">It came by a manifest.</param>
/// <param name="Clients">The clients whose manifests hold it.</param>
/// <param name="Uses">How often it ran.</param>
/// <param name="LastUsedAt">When it ran last, up to the flush interval of the services late.</param>
public sealed record PersistedDocumentSummary(
    string Id, string? OperationName, bool Trusted, IReadOnlyList<string> Clients, long Uses, DateTimeOffset? LastUsedAt);

/// <summary>An operation that ran, or was refused, without being in any manifest.</summary>
/// <param name="Id">The identifier that its text would have.</param>
/// <param name="Text">The document.</param>
/// <param name="OperationName">Its name, as the caller gives it.</param>
/// <param name="Client">The client's name, as it gives it.</param>
/// <param name="Count">How often it was seen.</param>
/// <param name="LastSeenAt">When it was seen last.</param>
public sealed record UnknownOperation(string Id, string Text, string? OperationName, string? Client, long Count, DateTimeOffset LastSeenAt);

/// <summary>What an import did.</summary>
/// <param name="Added">Documents that were not trusted before.</param>
/// <param name="Kept">Documents that were.</param>
/// <param name="Removed">Documents of the client that its manifest no longer holds.</param>
/// <param name="Conflicts">Identifiers that stand for another text already; when there is one, nothing was saved.</param>
public sealed record ManifestImport(int Added, int Kept, int Removed, IReadOnlyList<string> Conflicts);
