using Platform.Errors;
using Platform.GraphQL.Transport;

namespace Platform.GraphQL.PersistedDocuments;

/// <summary>How a request names its document by an identifier. The forms differ in what they are answered when it is not known.</summary>
/// <param name="Id">The identifier, see <see cref="DocumentIdentifier"/>.</param>
/// <param name="Form">The form.</param>
internal sealed record PersistedRequest(string Id, PersistedForm Form)
{
    private const int ApolloVersion = 1;

    /// <summary>Reads the identifier of a request.</summary>
    /// <param name="parameters">The request's parameters.</param>
    /// <param name="persisted">What it names, or null when it names nothing.</param>
    /// <returns>Why it is not well formed, or null.</returns>
    public static Refusal? Read(RequestParameters parameters, out PersistedRequest? persisted)
    {
        persisted = null;
        if (ReadApollo(parameters, out var apollo) is { } refusal)
        {
            return refusal;
        }

        PersistedRequest? hash = null;
        if (parameters.QueryHash is { } queryHash)
        {
            if (!DocumentIdentifier.TryFromDigest(queryHash, out var id))
            {
                return Refusal.Malformed("The parameter 'queryHash' is not a SHA-256 digest of 64 hexadecimal digits.");
            }

            hash = new(id, PersistedForm.QueryHash);
        }

        PersistedRequest? document = null;
        if (parameters.DocumentId is { } documentId)
        {
            if (!DocumentIdentifier.IsWellFormed(documentId))
            {
                return Refusal.Malformed("The parameter 'documentId' is not a document identifier.");
            }

            document = new(documentId, PersistedForm.DocumentId);
        }

        persisted = document ?? hash ?? apollo;
        return Differs(persisted, hash) || Differs(persisted, apollo)
            ? Refusal.Malformed("The request names more than one document.")
            : null;
    }

    private static bool Differs(PersistedRequest? one, PersistedRequest? other) => one is not null && other is not null && one.Id != other.Id;

    private static Refusal? ReadApollo(RequestParameters parameters, out PersistedRequest? persisted)
    {
        persisted = null;
        if (parameters.Extensions is null || !parameters.Extensions.TryGetValue("persistedQuery", out var value) || value is null)
        {
            return null;
        }

        if (value is not IReadOnlyDictionary<string, object?> entry
            || !entry.TryGetValue("sha256Hash", out var hash) || hash is not string digest
            || !DocumentIdentifier.TryFromDigest(digest, out var id))
        {
            return Refusal.Malformed("The extension 'persistedQuery' has no 'sha256Hash' of 64 hexadecimal digits.");
        }

        if (!entry.TryGetValue("version", out var version) || version is not int or not ApolloVersion)
        {
            return Refusal.Malformed("The extension 'persistedQuery' has another version than 1.");
        }

        persisted = new(id, PersistedForm.Apollo);
        return null;
    }

    /// <summary>The answer when the document is not known and did not come along.</summary>
    public Refusal NotFound() => Form switch
    {
        // What Apollo's clients compare: the message, under 200.
        PersistedForm.Apollo => new(ErrorCode.PersistedQueryNotFound, "PersistedQueryNotFound", RefusalForm.MalformedRequest) { Status = StatusCodes.Status200OK },
        PersistedForm.QueryHash => new(ErrorCode.PersistedQueryNotFound, "No query is kept under this hash: send it along once.", RefusalForm.MalformedRequest),
        _ => Refusal.Document(ErrorCode.PersistedQueryNotFound, "No document is kept under this identifier."),
    };

    /// <summary>The answer of a server that keeps no documents, when none came along.</summary>
    public Refusal NotSupported() => Form == PersistedForm.Apollo
        ? new(ErrorCode.PersistedQueryNotSupported, "PersistedQueryNotSupported", RefusalForm.MalformedRequest) { Status = StatusCodes.Status200OK }
        : Refusal.Malformed("This server keeps no documents: send the query itself.") with { Code = ErrorCode.PersistedQueryNotSupported };
}

/// <summary>The forms in which a request names its document.</summary>
internal enum PersistedForm
{
    /// <summary><c>{"queryHash": "…"}</c>, the form of the source system: 404 when it is not known.</summary>
    QueryHash,

    /// <summary><c>{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "…"}}}</c>, Apollo's automatic persisted queries.</summary>
    Apollo,

    /// <summary><c>{"documentId": "sha256:…"}</c>, appendix A of GraphQL over HTTP.</summary>
    DocumentId,
}
