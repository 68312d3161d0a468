using GraphQLParser.AST;

namespace Platform.GraphQL.PersistedDocuments;

/// <summary>A document that was parsed and found valid, so that a request for it needs neither. Immutable; shared by requests.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="Document">The parsed document.</param>
/// <param name="Trusted">It came by a manifest.</param>
internal sealed record PreparedDocument(string Id, GraphQLDocument Document, bool Trusted);
