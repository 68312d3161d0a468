using GraphQL;

namespace Platform.GraphQL.Transport;

/// <summary>The parameters of a request (GraphQL over HTTP, section "Request Parameters").</summary>
/// <param name="Query">The text of the document, or null where an identifier names it.</param>
/// <param name="OperationName">Which of its operations, or null when it has one only.</param>
/// <param name="Variables">Their values, or null.</param>
/// <param name="Extensions">What clients and servers agree on besides, or null.</param>
internal sealed record RequestParameters(string? Query, string? OperationName, Inputs? Variables, Inputs? Extensions)
{
    /// <summary>Those of a request that has none.</summary>
    public static readonly RequestParameters None = new(null, null, null, null);

    /// <summary>The identifier of a persisted document (appendix A "Persisted Documents"), or null.</summary>
    public string? DocumentId { get; init; }

    /// <summary>The SHA-256 digest of the document in hexadecimal, the source system's form of the same, or null.</summary>
    public string? QueryHash { get; init; }
}
