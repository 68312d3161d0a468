using System.Collections.Concurrent;
using GraphQLParser.AST;
using Platform.GraphQL.Limits;

namespace Platform.GraphQL.PersistedDocuments;

/// <summary>A document that was parsed and found valid, so that a request for it needs neither. Shared by requests; thread safe.</summary>
/// <param name="Id">Its identifier; empty for one that came without.</param>
/// <param name="Document">The parsed document.</param>
/// <param name="Clients">The clients whose manifests hold it; none when it came by a request.</param>
internal sealed record PreparedDocument(string Id, GraphQLDocument Document, IReadOnlyList<string> Clients)
{
    /// <summary>What its operations cost, where variables make no difference.</summary>
    public ConcurrentDictionary<GraphQLOperationDefinition, Reckoning> Reckonings { get; } = new(ReferenceEqualityComparer.Instance);
}
