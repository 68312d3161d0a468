namespace Platform.GraphQL.PersistedDocuments;

/// <summary>The forms in which build tools of clients write down the documents of a client.</summary>
internal enum ManifestFormat
{
    /// <summary><c>{"format": "apollo-persisted-query-manifest", "version": 1, "operations": [{"id", "name", "type", "body"}]}</c>.</summary>
    Apollo,

    /// <summary>Relay's compiler: one object of identifiers (MD5 by default) and texts.</summary>
    Relay,

    /// <summary>GraphQL Code Generator's <c>persisted-documents.json</c>, as urql uses it: the same form, SHA-1 by default.</summary>
    Urql,

    /// <summary>A folder of files <c>identifier.graphql</c>.</summary>
    Folder,
}
